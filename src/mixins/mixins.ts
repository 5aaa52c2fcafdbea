type Class = abstract new (...args: never[]) => object;
type Mixin<A, B> = (base: A) => B;

/**
 * Combines a base consumer with mixins, the first one applied first:
 *
 * ```ts
 * class UserConsumer extends mixins(
 *   GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }),
 *   ListModelMixin, RetrieveModelMixin,
 * ) {}
 * ```
 *
 * Takes up to twelve mixins; nest calls for more.
 */
export function mixins<A extends Class>(base: A): A;
export function mixins<A extends Class, B>(base: A, b: Mixin<A, B>): B;
export function mixins<A extends Class, B, C>(base: A, b: Mixin<A, B>, c: Mixin<B, C>): C;
export function mixins<A extends Class, B, C, D>(base: A, b: Mixin<A, B>, c: Mixin<B, C>, d: Mixin<C, D>): D;
export function mixins<A extends Class, B, C, D, E>(base: A, b: Mixin<A, B>, c: Mixin<B, C>, d: Mixin<C, D>, e: Mixin<D, E>): E;
export function mixins<A extends Class, B, C, D, E, F>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
): F;
export function mixins<A extends Class, B, C, D, E, F, G>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
): G;
export function mixins<A extends Class, B, C, D, E, F, G, H>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
  h: Mixin<G, H>,
): H;
export function mixins<A extends Class, B, C, D, E, F, G, H, I>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
  h: Mixin<G, H>,
  i: Mixin<H, I>,
): I;
export function mixins<A extends Class, B, C, D, E, F, G, H, I, J>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
  h: Mixin<G, H>,
  i: Mixin<H, I>,
  j: Mixin<I, J>,
): J;
export function mixins<A extends Class, B, C, D, E, F, G, H, I, J, K>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
  h: Mixin<G, H>,
  i: Mixin<H, I>,
  j: Mixin<I, J>,
  k: Mixin<J, K>,
): K;
export function mixins<A extends Class, B, C, D, E, F, G, H, I, J, K, L>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
  h: Mixin<G, H>,
  i: Mixin<H, I>,
  j: Mixin<I, J>,
  k: Mixin<J, K>,
  l: Mixin<K, L>,
): L;
export function mixins<A extends Class, B, C, D, E, F, G, H, I, J, K, L, M>(
  base: A,
  b: Mixin<A, B>,
  c: Mixin<B, C>,
  d: Mixin<C, D>,
  e: Mixin<D, E>,
  f: Mixin<E, F>,
  g: Mixin<F, G>,
  h: Mixin<G, H>,
  i: Mixin<H, I>,
  j: Mixin<I, J>,
  k: Mixin<J, K>,
  l: Mixin<K, L>,
  m: Mixin<L, M>,
): M;
export function mixins(base: unknown, ...added: readonly Mixin<unknown, unknown>[]): unknown {
  return added.reduce((current, mixin) => mixin(current), base);
}
