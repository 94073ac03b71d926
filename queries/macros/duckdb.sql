-- Macros of indicator and mart queries for DuckDB. Another engine defines the same names in a file of its own, so
-- that a page reads alike on both.

-- local_time: the wall-clock time of a UTC timestamp in a zone.
CREATE OR REPLACE TEMP MACRO local_time(instant, zone) AS timezone(zone, timezone('UTC', instant));

-- local_day: the calendar day of a UTC timestamp in a zone.
CREATE OR REPLACE TEMP MACRO local_day(instant, zone) AS CAST(timezone(zone, timezone('UTC', instant)) AS DATE);

-- utc_time: the UTC timestamp of a wall-clock time in a zone.
CREATE OR REPLACE TEMP MACRO utc_time(wall_clock, zone) AS timezone('UTC', timezone(zone, CAST(wall_clock AS TIMESTAMP)));

-- whole_minutes: complete minutes from one timestamp to another.
CREATE OR REPLACE TEMP MACRO whole_minutes(earlier, later) AS datesub('minute', earlier, later);

-- whole_days: complete days of 24 hours from one timestamp to another.
CREATE OR REPLACE TEMP MACRO whole_days(earlier, later) AS datesub('day', earlier, later);

-- add_minutes: a timestamp so many minutes later, earlier for a negative number.
CREATE OR REPLACE TEMP MACRO add_minutes(instant, minutes) AS instant + to_minutes(minutes);

-- days_apart: days from one date to another.
CREATE OR REPLACE TEMP MACRO days_apart(earlier, later) AS datediff('day', CAST(earlier AS DATE), CAST(later AS DATE));

-- quotient: a / b to twelve decimals as an exact number, so that sums of it do not depend on their order.
CREATE OR REPLACE TEMP MACRO quotient(a, b) AS CAST(CAST(a AS DOUBLE) / nullif(CAST(b AS DOUBLE), 0) AS DECIMAL(38, 12));
