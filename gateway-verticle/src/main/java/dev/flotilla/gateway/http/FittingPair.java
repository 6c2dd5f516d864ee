package dev.flotilla.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/// Whether a key is that of its certificate. TLS itself finds out only when a client comes, who is
/// then refused.
final class FittingPair {
  private static final byte[] ANYTHING = {1, 2, 3};

  /// Those that a server can be given.
  private static final String[] KINDS = {"RSA", "EC"};

  private FittingPair() {}

  /// Throws where the pair cannot be used, or is none. It reads files: not on an event loop.
  static void require(Vertx vertx, PemKeyCertOptions options) throws Exception {
    boolean found = false;
    for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        for (String kind : KINDS) {
          String[] names = keys.getServerAliases(kind, null);
          for (String name : names == null ? new String[0] : names) {
            require(keys.getPrivateKey(name), keys.getCertificateChain(name)[0]);
            found = true;
          }
        }
      }
    }
    if (!found) {
      throw new GeneralSecurityException("there is no certificate with a key that could be used");
    }
  }

  private static void require(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm = algorithm(key.getAlgorithm());
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(ANYTHING);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certificate);
    verifying.update(ANYTHING);
    if (!verifying.verify(signature)) {
      throw new GeneralSecurityException("the key is not that of the certificate");
    }
  }

  private static String algorithm(String kind) {
    return kind.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
  }
}
