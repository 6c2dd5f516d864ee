package dev.flotilla.fleet;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGHUP, which tells a node to read its configuration again. The JDK has signals in a module that
/// the compiler warns of, hence the reflection; where they are missing, as on Windows, nothing is
/// ever heard.
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private Hangup() {}

  /// @param heard runs on a thread of the JVM each time
  static void listen(Runnable heard) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ears =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      heard.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> false;
                    default -> "Hangup";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ears);
    } catch (ReflectiveOperationException | IllegalArgumentException absent) {
      LOG.debug("SIGHUP cannot be heard here", absent);
    }
  }
}
