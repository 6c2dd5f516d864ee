package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Opcode;
import dev.flotilla.fleet.bench.wire.machine.Programs;
import dev.flotilla.fleet.bench.wire.machine.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `nginx` with the module nchan: one worker, WebSocket publisher and subscribers, nothing stored.
public final class NginxNchan implements Broker, Closeable {
  public static final String PROGRAM = "nginx";

  private static final String HOST = "127.0.0.1";
  private static final String MODULE = "ngx_nchan_module.so";
  private static final List<Path> MODULES =
      List.of(
          Path.of("/usr/lib/nginx/modules"),
          Path.of("/usr/lib64/nginx/modules"),
          Path.of("/usr/share/nginx/modules"));

  private final ServerProcess process;

  private NginxNchan(ServerProcess process) {
    this.process = process;
  }

  /// The module nchan, where it is installed.
  public static Optional<Path> module() {
    return MODULES.stream().map(place -> place.resolve(MODULE)).filter(Files::exists).findFirst();
  }

  public static String version(Path program) throws IOException, InterruptedException {
    String nginx = Programs.output(List.of(program.toString(), "-v")).strip();
    Optional<Path> packages = Programs.find("dpkg-query");
    if (packages.isEmpty()) {
      return nginx + ", nchan of unknown version";
    }
    List<String> ask =
        List.of(packages.get().toString(), "-W", "-f", "${Version}", "libnginx-mod-nchan");
    return nginx + ", nchan " + Programs.output(ask);
  }

  public static NginxNchan start(Path program, Path module, Path directory)
      throws IOException, InterruptedException {
    int port = ListenCheck.free(HOST);
    Path config = directory.resolve("nginx.conf");
    Path log = directory.resolve("nginx.log");
    boolean root = "root".equals(System.getProperty("user.name"));
    Files.writeString(
        config,
        """
        load_module %s;
        %s
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        pid nginx.pid;
        error_log nginx.log warn;
        events { worker_connections 15000; }
        http {
          access_log off;
          client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
          uwsgi_temp_path temp; scgi_temp_path temp;
          server {
            listen %s:%d;
            location = /sub {
              nchan_subscriber websocket;
              nchan_channel_id bench;
              nchan_subscriber_first_message newest;
            }
            location = /pub {
              nchan_publisher websocket;
              nchan_channel_id bench;
              nchan_store_messages off;
            }
          }
        }
        """
            .formatted(module, root ? "user root;" : "", HOST, port));
    return new NginxNchan(
        ServerProcess.start(
            List.of(
                program.toString(),
                "-p",
                directory.toString(),
                "-c",
                config.toString(),
                "-e",
                log.toString()),
            port,
            log));
  }

  @Override
  public String name() {
    return "nginx+nchan";
  }

  @Override
  public ProcessHandle process() {
    return process.handle();
  }

  @Override
  public Dialogue subscriber() throws IOException {
    return Dialogue.open(process.address(), "/sub");
  }

  @Override
  public Dialogue publisher() throws IOException {
    return Dialogue.open(process.address(), "/pub");
  }

  @Override
  public Publication publication() {
    return new Publication(Opcode.TEXT, BenchEvent.text(BenchEvent.FIRST));
  }

  @Override
  public void publish(Dialogue publisher, long number) throws IOException {
    publisher.send(Opcode.TEXT, publication().text(number));
    publisher.receive(); // How many messages and subscribers the channel has.
  }

  @Override
  public boolean perMessage() {
    return true;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
