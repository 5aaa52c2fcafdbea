CREATE TABLE `member` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`projectId` integer NOT NULL,
	`personId` integer NOT NULL,
	FOREIGN KEY (`projectId`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`personId`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_person` ON `member` (`personId`);--> statement-breakpoint
CREATE UNIQUE INDEX `member_projectId_personId_unique` ON `member` (`projectId`,`personId`);--> statement-breakpoint
CREATE TABLE `person` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`username` text(50) NOT NULL,
	`name` text(100) NOT NULL,
	`color` text NOT NULL,
	`password` text(128) NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `person_username_unique` ON `person` (`username`);--> statement-breakpoint
CREATE TABLE `project` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text(60) NOT NULL,
	`color` text DEFAULT 'blue' NOT NULL,
	`ownerId` integer NOT NULL,
	FOREIGN KEY (`ownerId`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `task` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`projectId` integer NOT NULL,
	`title` text(200) NOT NULL,
	`notes` text(5000) DEFAULT '' NOT NULL,
	`status` text DEFAULT 'todo' NOT NULL,
	`assigneeId` integer,
	`position` text(200) NOT NULL,
	`createdAt` datetime NOT NULL,
	FOREIGN KEY (`projectId`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assigneeId`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `task_place` ON `task` (`projectId`,`status`,`position`);--> statement-breakpoint
CREATE INDEX `task_assignee` ON `task` (`assigneeId`);