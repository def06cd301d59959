-- Counted twice with each sign-in, and of no worth after a crash: not worth a write-ahead log and its flushes.
ALTER TABLE "password_attempts" SET UNLOGGED;
