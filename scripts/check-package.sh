#!/usr/bin/env bash
# Packs the package and asks what a user of it would see: publint, "are the types wrong", every entry imported under plain Node and
# type-checked on the current and the oldest supported TypeScript, and a new project made, checked, tested, served and called.
# Needs dist/ (npm run build).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

repository=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack --silent --pack-destination "$folder" >/dev/null
tarball=$(ls "$folder"/*.tgz)
echo "packed $(basename "$tarball"): $(du -k "$tarball" | cut -f1) KiB, $(tar -tzf "$tarball" | wc -l) files"

node scripts/check-client-size.mjs
node scripts/check-explorer-size.mjs
npx publint run "$tarball" --strict
npx attw "$tarball" --profile esm-only --format ascii --no-emoji --no-color --no-summary

# Unpacked beside the dependencies of this repository, so that nothing is downloaded.
mkdir -p "$folder/app/node_modules/restwave"
tar -xzf "$tarball" -C "$folder/app/node_modules/restwave" --strip-components 1
for dependency in node_modules/* ; do ln -s "$PWD/$dependency" "$folder/app/node_modules/" 2>/dev/null || true; done
cp scripts/import-entries.mjs "$folder/app/"
echo '{ "type": "module" }' >"$folder/app/package.json"
cd "$folder/app"
node import-entries.mjs
node node_modules/restwave/dist/restwave.js --help >/dev/null
echo "the command runs"

node -p 'Object.keys(require("./node_modules/restwave/package.json").exports)
  .filter((key) => !key.endsWith(".json"))
  .map((key, index) => `import * as entry${index} from "${key.replace(/^\./, "restwave")}";\nexport { entry${index} };`)
  .join("\n")' >user.ts
for compiler in typescript typescript-oldest; do
  node "node_modules/$compiler/bin/tsc" --noEmit --strict --skipLibCheck --target es2023 --module nodenext --types node user.ts
  echo "types resolve on TypeScript $(node "node_modules/$compiler/bin/tsc" --version)"
done

# A new project as its user makes it, with the packages from above in the place of installed ones.
cd "$folder"
node app/node_modules/restwave/dist/restwave.js init my-app --no-install >/dev/null
ln -s ../app/node_modules my-app/node_modules
cd my-app
node node_modules/typescript/bin/tsc
node node_modules/vitest/vitest.mjs run --reporter=dot >"$folder/test.log" 2>&1 || { cat "$folder/test.log"; exit 1; }
DATABASE_URL=:memory: node node_modules/restwave/dist/restwave.js check
echo "a new project type-checks, and its tests pass"
node "$repository/scripts/check-new-project.mjs"
