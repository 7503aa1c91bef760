// The way back from Stripe Checkout on Qt's HTTP server, 6.4 or newer, whose event loop waits for
// nothing: Stripe and the store are waited for by the threads of a pool.
//
//   STRIPE_SECRET_KEY=sk_... STRIPE_WEBHOOK_SECRET=whsec_... qt [PORT [sqlite:PATH]]

#include "shop.hpp"

#include <QAbstractHttpServer>
#include <QCoreApplication>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QHttpServerResponse>
#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <sys/socket.h>
#include <thread>

// Qt takes requests of any length at any speed, and accepts no more once descriptors have run out.
class listener : public QTcpServer {
public:
  listener() {
    setListenBacklogSize(SOMAXCONN); // of its own it lets fifty wait, the next one retries
    connect(this, &QTcpServer::acceptError, this, [this] {
      QTimer::singleShot(std::chrono::milliseconds(100), this, &QTcpServer::resumeAccepting);
    });
  }

  QPointer<QTcpSocket> asking; // whose request has just come

protected:
  void incomingConnection(qintptr descriptor) override {
    auto* socket = new QTcpSocket(this);
    socket->setSocketDescriptor(descriptor);
    socket->setReadBufferSize(shop::max_body);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket, came = qint64(0)]() mutable {
      came += socket->bytesAvailable();
      if (came >= qint64(shop::max_body)) socket->abort();
      asking = socket;
    });
    // Twice what the client takes for an answer.
    QTimer::singleShot(std::chrono::seconds(20), socket, [socket] { socket->abort(); });
    addPendingConnection(socket);
  }
};

class endpoint : public QAbstractHttpServer {
public:
  explicit endpoint(shop& of) : shop_(of) {
    blocking_.setMaxThreadCount(64);
    if (!browsers_.listen(QHostAddress::LocalHost, static_cast<quint16>(of.port())))
      fail("The port is taken.");
    bind(&browsers_);
    of.listens_on(browsers_.serverPort());
  }
  ~endpoint() override {
    blocking_.waitForDone();
    QCoreApplication::removePostedEvents(this); // its last answers, while Qt still has who waits
  }

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
  bool handleRequest(const QHttpServerRequest& asked, QTcpSocket* socket) override {
    take(asked, makeResponder(asked, socket));
    return true;
  }
  void missingHandler(const QHttpServerRequest&, QTcpSocket*) override {}
#else
  bool handleRequest(const QHttpServerRequest& asked, QHttpServerResponder& responder) override {
    take(asked, std::move(responder));
    return true;
  }
  void missingHandler(const QHttpServerRequest&, QHttpServerResponder&) override {}
#endif

private:
  // Each connection has one answer: Qt 6.4 would give those that are asked for at once in any
  // order.
  void take(const QHttpServerRequest& asked, QHttpServerResponder&& to) {
    const QPointer<QTcpSocket> socket = browsers_.asking;
    disconnect(socket, &QTcpSocket::readyRead, nullptr, nullptr);
    const auto responder = std::make_shared<QHttpServerResponder>(std::move(to));
    const auto ends = [socket, responder](const answer& from) {
      if (!socket) return;               // the browser has gone, and Qt 6.4 has nothing to write to
      send(from, std::move(*responder)); // it ends, and Qt 6.8 would take the next request
      disconnect(socket, &QTcpSocket::readyRead, nullptr, nullptr);
      socket->disconnectFromHost();
    };
    // Qt keeps no target as it came. Its URL decodes only what needed no encoding.
    blocking_.start([this, ends, method = asked.method(), url = asked.url(),
                     body = asked.body().toStdString(),
                     signature = asked.value("Stripe-Signature").toStdString()] {
      QMetaObject::invokeMethod(
          this, [ends, from = answer_to(method, url, body, signature)] { ends(from); });
    });
  }

  // Blocks.
  answer answer_to(QHttpServerRequest::Method method, const QUrl& url, const std::string& body,
                   const std::string& signature) const {
    const QString path = url.path();
    const bool posts = method == QHttpServerRequest::Method::Post;
    if (path == "/stripe_return" && method == QHttpServerRequest::Method::Get)
      return shop_.on_return(url.query(QUrl::FullyEncoded).toStdString());
    if (path == "/webhook" && posts) return shop_.on_webhook(body, signature);
    if (path == "/checkout" && posts) return shop_.check_out(body);
    return {404, "There is nothing here.", {}};
  }

  static void send(const answer& from, QHttpServerResponder to) {
    const QByteArray type = "text/plain; charset=utf-8";
    QList<std::pair<QByteArray, QByteArray>> headers{
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", "no-referrer"}, // the address holds the session id
        {"Connection", "close"}};
    if (!from.location.empty()) {
      headers.append({"Location", QByteArray::fromStdString(from.location)});
    }
    const auto status = static_cast<QHttpServerResponder::StatusCode>(from.status);
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    QHttpServerResponse response(type, QByteArray::fromStdString(from.text), status);
    response.addHeaders(headers);
    response.write(std::move(to));
#else
    headers.append({"Content-Type", type});
    to.write(QByteArray::fromStdString(from.text), QHttpHeaders::fromListOfPairs(headers), status);
#endif
  }

  shop& shop_;
  listener browsers_;
  QThreadPool blocking_;
};

int main(int argc, char** argv) {
  shop shop(argc, argv);
  QCoreApplication application(argc, argv);
  const endpoint server(shop);
  std::thread worker([&] {
    shop.work();
    QMetaObject::invokeMethod(&application, &QCoreApplication::quit, Qt::QueuedConnection);
  });
  QCoreApplication::exec();
  worker.join();
}
