"""The workspace: roles, audit log, start page, help, and moving records in and out."""
