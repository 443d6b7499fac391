#!/bin/sh
# Run by the PostgreSQL image, once, when its volume is empty.
set -eu
psql -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -U postgres -f /portal/roles.sql postgres
