CREATE TABLE `auth_user` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`username` text(150) NOT NULL,
	`email` text(254) DEFAULT '' NOT NULL,
	`password` text(128) NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_user_username_unique` ON `auth_user` (`username`);