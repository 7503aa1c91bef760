#include <stripe_return/testkit/fake_stripe.hpp>

#include "testkit/fake_stripe/command.hpp"
#include "testkit/fake_stripe/form.hpp"
#include "testkit/fake_stripe/machine.hpp"

#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

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

http_response response_of(fake::response made) {
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

class fake_stripe::impl final : private event_loop_client {
public:
  impl(std::shared_ptr<time_source> time, fake_stripe_options options)
      : time_(time), stripe_(options_of(std::move(options), std::move(time))) {}

  std::uint64_t start(const http_request& sent, completion done) {
    held_request made{fake::machine::read(read_request(sent))};
    made.begun = time_->now();
    made.timeout = sent.timeout;
    made.done = std::move(done);
    const std::lock_guard<std::mutex> lock(mutex_);
    made.number = ++last_number_;
    stripe_.begin(made.call);
    const auto latency =
        made.call.planned ? made.call.planned->latency : std::chrono::milliseconds(0);
    made.too_late = latency > sent.timeout;
    made.due = made.begun + std::min(latency, sent.timeout);
    // A request that a fault delays lets others go on. Any other is done at once: to nobody is its
    // idempotency key in use.
    if (latency.count() <= 0) finish(made);
    asked_.push_back(std::move(made));
    arm_timer();
    return last_number_;
  }

  void cancel(std::uint64_t number) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (held_request& each : asked_)
      if (each.number == number) each.done = nullptr; // at Stripe it goes on
  }

  void drive_by(event_loop* loop) {
    if (loop != nullptr) loop->attach(this);
    const std::lock_guard<std::mutex> lock(mutex_);
    loop_ = loop;
  }

  void work_until(std::chrono::steady_clock::time_point time) {
    std::vector<held_request> ended;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      ended = take_ended();
      if (ended.empty() && !asked_.empty()) {
        time_->wait_until(lock, changed_, std::min(time, next_due()));
        ended = take_ended();
      }
    }
    tell(ended);
  }

  void wake() noexcept { changed_.notify_all(); }

  result<std::string> command(const char* method, std::string_view path, std::string_view body) {
    fake::request asked;
    asked.method = method;
    asked.path = path;
    asked.body = body;
    const std::lock_guard<std::mutex> lock(mutex_);
    fake::response answer = fake::command(stripe_, asked);
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
  using time_point = std::chrono::steady_clock::time_point;
  // A request between start() and the end of it.
  struct held_request {
    fake::begun_call call;
    std::uint64_t number = 0;
    time_point begun{};
    std::chrono::milliseconds timeout{};
    time_point due{};
    bool too_late = false;
    std::optional<attempt_result> answer{}; // to be told when it is due
    completion done{};
  };

  void finish(held_request& each) {
    fake::response answer = stripe_.finish(each.call); // at Stripe too, where the client has gone
    if (each.too_late) {
      each.answer = error{error_code::timed_out_waiting, "No answer began in time: the fault "
                                                         "latency."};
    } else if (answer.end == fake::response_end::cut) {
      each.answer = error{error_code::connection_lost, "The answer was cut off: the fault cut."};
    } else if (answer.end == fake::response_end::stalled) {
      each.answer = error{error_code::timed_out_receiving, "The answer did not end: the fault "
                                                           "stall."};
      each.due = each.begun + each.timeout;
    } else {
      each.answer = response_of(std::move(answer));
    }
  }

  std::vector<held_request> take_ended() {
    const time_point now = time_->now();
    std::vector<held_request> ended;
    for (auto at = asked_.begin(); at != asked_.end();) {
      if (at->due <= now && !at->answer) finish(*at);
      if (at->due > now) {
        ++at;
        continue;
      }
      ended.push_back(std::move(*at));
      at = asked_.erase(at);
    }
    return ended;
  }

  static void tell(std::vector<held_request>& ended) {
    for (held_request& each : ended)
      if (each.done) each.done(*std::move(each.answer));
  }

  time_point next_due() const {
    return std::min_element(
               asked_.begin(), asked_.end(),
               [](const held_request& a, const held_request& b) { return a.due < b.due; })
        ->due;
  }

  void arm_timer() {
    if (loop_ == nullptr || asked_.empty()) return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_due() - time_->now());
    loop_->arm_timer(std::max(left, std::chrono::milliseconds(0)));
  }

  void on_fd(int, fd_interest) override {}
  void on_timer() override {
    std::vector<held_request> ended;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended = take_ended();
      arm_timer();
    }
    tell(ended);
  }

  std::shared_ptr<time_source> time_;
  std::mutex mutex_; // guards what follows
  fake::machine stripe_;
  std::vector<held_request> asked_;
  std::uint64_t last_number_ = 0;
  std::condition_variable changed_;
  event_loop* loop_ = nullptr;
};

fake_stripe::fake_stripe(std::shared_ptr<time_source> time, fake_stripe_options options)
    : impl_(std::make_unique<impl>(std::move(time), std::move(options))) {}

fake_stripe::~fake_stripe() = default;

std::uint64_t fake_stripe::start(const http_request& request, completion done) {
  return impl_->start(request, std::move(done));
}

void fake_stripe::cancel(std::uint64_t number) noexcept {
  impl_->cancel(number);
}

void fake_stripe::drive_by(event_loop* loop) {
  impl_->drive_by(loop);
}

void fake_stripe::work_until(std::chrono::steady_clock::time_point time) {
  impl_->work_until(time);
}

void fake_stripe::wake() noexcept {
  impl_->wake();
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
