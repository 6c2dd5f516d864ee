package dev.flotilla.fleet.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.flotilla.telemetry.LogKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/// One JSON object per log event and line: `timestamp`, `level`, `logger`, `thread`, `node`,
/// `message`, then the keys of the context and of the event, and `exception` with the stack trace.
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final JsonFactory JSON = new JsonFactory();

  private final String node;

  JsonLines(String node) {
    this.node = node;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator out = JSON.createGenerator(line)) {
      out.writeStartObject();
      for (Map.Entry<String, Object> field : fields(event).entrySet()) {
        out.writeStringField(field.getKey(), String.valueOf(field.getValue()));
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    line.write('\n');
    return line.toByteArray();
  }

  /// The fixed fields win over keys of the same name.
  private Map<String, Object> fields(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("timestamp", event.getInstant());
    fields.put("level", event.getLevel());
    fields.put("logger", event.getLoggerName());
    fields.put("thread", event.getThreadName());
    fields.put(LogKeys.NODE, node);
    fields.put("message", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      fields.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    event.getMDCPropertyMap().forEach(fields::putIfAbsent);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        fields.putIfAbsent(pair.key, pair.value);
      }
    }
    return fields;
  }
}
