#include "fake_stripe/webhook_sender.hpp"

#include "testkit/fake_stripe/loopback_url.hpp"

#include <stripe_return/testkit/webhook_signer.hpp>

#include <httplib.h>

#include <chrono>
#include <string>
#include <thread>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// Checkout waits so long for an answer: https://docs.stripe.com/checkout/fulfillment
constexpr std::chrono::seconds patience{10};
// Sessions expire, and webhooks get due, without anybody asking.
constexpr std::chrono::milliseconds look_again{500};

} // namespace

class webhook_sender::thread {
public:
  explicit thread(server_state& state) : state_(state), running_([this] { run(); }) {}

  ~thread() {
    std::unique_lock<std::mutex> lock(state_.mutex);
    // A client that is just about to connect does not notice the first stop().
    while (!ended_) {
      if (on_its_way_ != nullptr) on_its_way_->stop();
      state_.changed.wait_for(lock, std::chrono::milliseconds(10));
    }
    lock.unlock();
    running_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(state_.mutex);
    while (!state_.stopping) {
      state_.stripe.pass_time();
      if (const auto number = state_.stripe.deliveries.due(state_.stripe.now())) {
        deliver(*number, lock);
      } else {
        state_.changed.wait_for(lock, look_again);
      }
    }
    ended_ = true;
    state_.changed.notify_all();
  }

  void deliver(std::size_t number, std::unique_lock<std::mutex>& lock) {
    const webhook_endpoint endpoint = state_.stripe.deliveries.endpoint;
    const std::string body = state_.stripe.deliveries.at(number).body;
    int status = 0;
    if (const auto url = parse_loopback_url(endpoint.url)) {
      httplib::Client client(url->origin);
      client.set_connection_timeout(patience);
      client.set_read_timeout(patience);
      client.set_write_timeout(patience);
      // The receiver's certificate is its own, and nothing leaves this computer.
      client.enable_server_certificate_verification(false);
      on_its_way_ = &client;
      lock.unlock();
      status = send(client, url->target, body, endpoint.signing_secret);
      lock.lock();
      on_its_way_ = nullptr;
    }
    state_.stripe.deliveries.attempted(number, status, state_.stripe.now());
    state_.changed.notify_all();
  }

  static int send(httplib::Client& client, const std::string& target, const std::string& body,
                  const secret& signing_secret) {
    // By the computer's time, as the receiver holds it against its own.
    const std::string signature = testkit::sign_webhook(body, signing_secret, computers_time());
    const httplib::Headers headers = {
        {"Stripe-Signature", signature},
        {"User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"},
        {"Accept", "*/*; q=0.5, application/xml"},
        {"Cache-Control", "no-cache"}};
    const httplib::Result answer =
        client.Post(target, headers, body, "application/json; charset=utf-8");
    return answer ? answer->status : 0;
  }

  server_state& state_;
  httplib::Client* on_its_way_ = nullptr;
  bool ended_ = false;
  std::thread running_; // last: it uses the others
};

unix_seconds computers_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

webhook_sender::webhook_sender(server_state& state) : thread_(std::make_unique<thread>(state)) {}

webhook_sender::~webhook_sender() = default;

} // namespace fake
} // namespace v0
} // namespace stripe_return
