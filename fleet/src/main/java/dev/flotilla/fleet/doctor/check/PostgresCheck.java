package dev.flotilla.fleet.doctor.check;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.store.Migrations;
import dev.flotilla.store.Migrations.Schema;
import io.vertx.sqlclient.Row;
import java.util.List;

/// Whether PostgreSQL keeps what it acknowledges, and has the schema and the connections for all.
public record PostgresCheck() implements Check {
  private static final int OLDEST = 14;
  private static final String ASK =
      """
      select current_setting('server_version_num')::int / 10000 as major,
        current_setting('server_version') as version, pg_is_in_recovery() as standby,
        current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
        current_setting('synchronous_commit') as commits,
        current_setting('max_connections')::int
          - current_setting('superuser_reserved_connections')::int as connections,
        pg_encoding_to_char(encoding) as encoding
      from pg_database where datname = current_database()
      """;

  @Override
  public void examine(Patient patient, Findings found) {
    FleetConfig.Postgres config = patient.config().postgres();
    String place = config.host() + ":" + config.port() + "/" + config.database();
    Row row;
    try {
      row = patient.stores().postgres().query(ASK).execute().await().iterator().next();
    } catch (Exception failure) {
      found.error(
          "PostgreSQL at " + place + " cannot be used: " + StartFailure.reason(failure),
          "the fleet acknowledges nothing without it.",
          "start it, or correct postgres.* in the configuration; try `psql -h "
              + config.host()
              + " -p "
              + config.port()
              + " -U "
              + config.user()
              + " "
              + config.database()
              + "`");
      return;
    }
    version(row, found);
    durability(row, found);
    connections(patient, row, found);
    Schema schema = Migrations.look(config);
    schema(schema, found);
    found.elseSound(
        "PostgreSQL " + row.getString("version") + " at " + place + ", schema " + schema.current());
  }

  private static void version(Row row, Findings found) {
    if (row.getInteger("major") < OLDEST) {
      found.error(
          "it is PostgreSQL " + row.getString("version"),
          "the fleet needs " + OLDEST + " or newer.",
          "upgrade the server with pg_upgrade");
    }
    if (row.getBoolean("standby")) {
      found.error(
          "it is a standby, which takes no writes",
          "every command fails.",
          "point postgres.host at the primary");
    }
    if (!"UTF8".equals(row.getString("encoding"))) {
      found.error(
          "the database has the encoding " + row.getString("encoding"),
          "prompts and answers in other scripts cannot be stored.",
          "create it anew: `createdb -E UTF8 -T template0 flotilla`");
    }
  }

  private static void durability(Row row, Findings found) {
    for (String name : List.of("fsync", "pages", "commits")) {
      if ("off".equals(row.getString(name))) {
        String setting =
            switch (name) {
              case "pages" -> "full_page_writes";
              case "commits" -> "synchronous_commit";
              default -> name;
            };
        found.error(
            setting + " is off",
            "what the fleet has acknowledged can be lost in a power cut.",
            "`alter system set " + setting + " = on; select pg_reload_conf();`");
      }
    }
  }

  private static void connections(Patient patient, Row row, Findings found) {
    int nodes = Math.max(patient.configs().size(), patient.survey().states().size());
    int wanted = nodes * patient.config().postgres().poolSize();
    if (wanted > row.getInteger("connections")) {
      found.warning(
          nodes
              + " nodes may want "
              + wanted
              + " connections, and there are "
              + row.getInteger("connections"),
          "under load commands wait for a connection and fail.",
          "raise max_connections, or lower postgres.poolSize");
    }
  }

  private static void schema(Schema schema, Findings found) {
    if (!schema.failed().isEmpty()) {
      found.error(
          "migrations have failed: " + String.join(", ", schema.failed()),
          "no node starts.",
          "read the log of the node that migrated, and restore the backup of before");
    }
    if (!schema.pending().isEmpty()) {
      found.error(
          "the schema lacks the migrations " + String.join(", ", schema.pending()),
          "nodes of this version cannot work on it.",
          "start a node of this version: it migrates under a lock");
    }
    if (!schema.unknown().isEmpty()) {
      found.warning(
          "the schema has migrations of a newer version: " + String.join(", ", schema.unknown()),
          "this program may not know what it reads.",
          "use the newer version's flotilla");
    }
  }
}
