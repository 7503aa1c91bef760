#include <stripe_return/testkit/fake_stripe.hpp>

#include "testkit/fake_stripe/command.hpp"
#include "testkit/fake_stripe/form.hpp"
#include "testkit/fake_stripe/machine.hpp"

#include <stripe_return/testkit/webhook_signer.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

fake::machine_options options_of(fake_stripe_options given, std::shared_ptr<time_source> time) {
  fake::machine_options options;
  options.base_url = "https://checkout.stripe.com";
  options.accounts.push_back({std::move(given.account), std::move(given.secret_key)});
  for (std::string& each : given.connected_accounts)
    options.accounts.push_back({std::move(each), {}});
  options.endpoint.signing_secret = std::move(given.webhook_secret);
  options.seed = given.seed;
  options.time = [time = std::move(time)] { return time->unix_time(); };
  return options;
}

fake::request read_request(const http_request& sent) {
  fake::request read;
  const std::size_t host = sent.url.find("://") + 3;
  const std::size_t path = std::min(sent.url.find('/', host), sent.url.size());
  const std::size_t question = std::min(sent.url.find('?', path), sent.url.size());
  read.method = sent.form ? "POST" : "GET";
  read.path = fake::percent_decode(sent.url.substr(path, question - path));
  read.query = sent.url.substr(std::min(question + 1, sent.url.size()));
  read.authorization = sent.authorization.reveal();
  read.body = sent.form.value_or("");
  const std::pair<const char*, std::string fake::request::*> members[] = {
      {"idempotency-key", &fake::request::idempotency_key},
      {"stripe-account", &fake::request::stripe_account},
      {"stripe-context", &fake::request::stripe_context},
      {"stripe-version", &fake::request::stripe_version}};
  for (const http_header& each : sent.headers)
    for (const auto& [name, member] : members)
      if (each.name == name) read.*member = each.value;
  return read;
}

http_response response_of(fake::reply made) {
  http_response response;
  response.status = made.status;
  for (auto& [name, value] : made.headers) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    response.headers.push_back({std::move(name), std::move(value)});
  }
  response.body = std::move(made.body);
  return response;
}

} // namespace

class fake_stripe::impl {
public:
  impl(std::shared_ptr<time_source> time, fake_stripe_options options)
      : time_(time), stripe_(options_of(std::move(options), std::move(time))) {}

  result<http_response> send(const http_request& sent) {
    fake::begun_call call = fake::machine::read(read_request(sent));
    std::unique_lock<std::mutex> lock(mutex_);
    stripe_.begin(call);
    const auto latency = call.planned ? call.planned->latency : std::chrono::milliseconds(0);
    const bool too_late = latency > sent.timeout;
    // A request that a fault delays lets others go on. Any other is done at once: to nobody is its
    // idempotency key in use.
    if (latency.count() > 0) {
      lock.unlock();
      time_->sleep_for(std::min(latency, sent.timeout));
      lock.lock();
    }
    fake::reply answer = stripe_.finish(call); // at Stripe too, where the client has gone
    lock.unlock();
    if (too_late) {
      return error{error_code::timed_out_waiting, "No answer began in time: the fault latency."};
    }
    switch (answer.end) {
    case fake::reply_end::whole: return response_of(std::move(answer));
    case fake::reply_end::cut:
      return error{error_code::connection_lost, "The answer was cut off: the fault cut."};
    case fake::reply_end::stalled: break;
    }
    time_->sleep_for(sent.timeout);
    return error{error_code::timed_out_receiving, "The answer did not end: the fault stall."};
  }

  result<std::string> command(const char* method, std::string_view path, std::string_view body) {
    fake::request asked;
    asked.method = method;
    asked.path = path;
    asked.body = body;
    const std::lock_guard<std::mutex> lock(mutex_);
    fake::reply answer = fake::command(stripe_, asked);
    if (answer.status != 200) return error{error_code::bad_request, std::move(answer.body)};
    return std::move(answer.body);
  }

  // The next webhook that is due, and its number.
  std::optional<std::pair<std::size_t, fake_webhook>> next_webhook() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stripe_.pass_time();
    const auto number = stripe_.deliveries.due(stripe_.now());
    if (!number) return std::nullopt;
    const fake::delivery& due = stripe_.deliveries.at(*number);
    return std::pair(*number,
                     fake_webhook{due.event_id, due.type, due.body,
                                  sign_webhook(due.body, stripe_.deliveries.endpoint.signing_secret,
                                               time_->unix_time())});
  }

  void answered(std::size_t number, int status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    stripe_.deliveries.attempted(number, status, stripe_.now());
  }

private:
  std::shared_ptr<time_source> time_;
  std::mutex mutex_;
  fake::machine stripe_;
};

fake_stripe::fake_stripe(std::shared_ptr<time_source> time, fake_stripe_options options)
    : impl_(std::make_unique<impl>(std::move(time), std::move(options))) {}

fake_stripe::~fake_stripe() = default;

result<http_response> fake_stripe::send(const http_request& request) {
  return impl_->send(request);
}

result<std::string> fake_stripe::post(std::string_view path, std::string_view json) {
  return impl_->command("POST", path, json);
}

result<std::string> fake_stripe::get(std::string_view path) const {
  return impl_->command("GET", path, {});
}

void fake_stripe::deliver_webhooks(
    const std::function<int(const fake_webhook& webhook)>& receiver) {
  while (const auto next = impl_->next_webhook())
    impl_->answered(next->first, receiver(next->second));
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
