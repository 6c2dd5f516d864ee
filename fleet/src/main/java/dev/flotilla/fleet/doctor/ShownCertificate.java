package dev.flotilla.fleet.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// What a TLS server shows of itself. It is only read: nothing is sent to the server, so it does
/// not matter whether it can be trusted.
public final class ShownCertificate {
  private static final int LIMIT_MS = 5_000;

  private ShownCertificate() {}

  /// When the first of the chain ends.
  @SuppressWarnings("AddressSelection") // Any address of the name will do.
  public static Instant end(String host, int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Looking()}, null);
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), LIMIT_MS);
      plain.setSoTimeout(LIMIT_MS);
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, false)) {
        if (host.chars().anyMatch(Character::isLetter) && host.indexOf(':') < 0) {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setServerNames(List.of(new SNIHostName(host)));
          socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        Instant first = Instant.MAX;
        for (Certificate each : socket.getSession().getPeerCertificates()) {
          Instant end = ((X509Certificate) each).getNotAfter().toInstant();
          first = end.isBefore(first) ? end : first;
        }
        return first;
      }
    }
  }

  /// Judges nobody: what has expired is what is looked for.
  private static final class Looking extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
