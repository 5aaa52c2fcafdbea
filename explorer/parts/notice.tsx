import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** A word where there is nothing else, or beside what is old. */
export function Notice({ tone = "plain", icon, title, children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`}>
      {icon !== undefined && <Icon name={icon} />}
      <div>
        <p className="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

interface NoticeProps {
  readonly tone?: "plain" | "warn" | "bad";
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}
