-- The two database roles and the database. Run once, as a superuser:
--   psql -v owner_password=... -v app_password=... -f deploy/roles.sql postgres
-- `portal_owner` migrates. `portal_app` serves: it owns nothing and changes no structure, so that grants, triggers and
-- row-level security bind the application itself.
\set ON_ERROR_STOP on

CREATE ROLE portal_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';

CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;

\connect portal
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal_app;
