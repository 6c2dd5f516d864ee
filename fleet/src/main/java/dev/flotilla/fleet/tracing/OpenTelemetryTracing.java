package dev.flotilla.fleet.tracing;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.identity.NodeId;
import dev.flotilla.telemetry.Tracing;
import dev.flotilla.telemetry.Version;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Spans by the OpenTelemetry SDK, sent in batches from a thread of its own; what cannot be sent is
/// dropped. Whether a trace is kept is decided where it begins, and by the client where it brings
/// one.
public final class OpenTelemetryTracing implements Tracing {
  private static final String TRACES = "/v1/traces";
  private static final int CLOSE_SECONDS = 5;
  private static final double PERCENT = 100;

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private OpenTelemetryTracing(SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider.get("flotilla", Version.CURRENT);
  }

  /// Off where no endpoint is set.
  public static Tracing of(FleetConfig.Telemetry config, NodeId node) {
    String endpoint = config.traceEndpoint();
    if (endpoint == null) {
      return OFF;
    }
    String url = endpoint.endsWith(TRACES) ? endpoint : endpoint.replaceFirst("/$", "") + TRACES;
    OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder().setEndpoint(url).build();
    return new OpenTelemetryTracing(
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "flotilla",
                        AttributeKey.stringKey("service.version"),
                        Version.CURRENT,
                        AttributeKey.stringKey("service.instance.id"),
                        node.value())))
            .setSampler(
                Sampler.parentBased(Sampler.traceIdRatioBased(config.tracePercent() / PERCENT)))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build());
  }

  @Override
  public Span begin(String name, @Nullable String parent) {
    return new Open(builder(name, parent).startSpan());
  }

  @Override
  public void tell(String name, @Nullable String parent, Instant from, Instant until) {
    builder(name, parent).setStartTimestamp(from).startSpan().end(until);
  }

  @Override
  public void close() {
    provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  private SpanBuilder builder(String name, @Nullable String parent) {
    SpanBuilder builder = tracer.spanBuilder(name);
    String valid = Tracing.valid(parent);
    return valid == null ? builder.setNoParent() : builder.setParent(context(valid));
  }

  /// `version-trace-span-flags`.
  private static Context context(String traceparent) {
    String[] parts = traceparent.split("-", -1);
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            parts[1], parts[2], TraceFlags.fromHex(parts[3], 0), TraceState.getDefault());
    return Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote));
  }

  private record Open(io.opentelemetry.api.trace.Span span) implements Span {
    @Override
    public String traceparent() {
      SpanContext own = span.getSpanContext();
      return "00-" + own.getTraceId() + "-" + own.getSpanId() + "-" + own.getTraceFlags().asHex();
    }

    @Override
    public Span tag(String key, @Nullable Object value) {
      if (value != null) {
        span.setAttribute(key, value.toString());
      }
      return this;
    }

    @Override
    public void end(@Nullable String error) {
      if (error != null) {
        span.setStatus(StatusCode.ERROR, error);
      }
      span.end();
    }
  }
}
