// The fake Stripe without its server: a transport, the customer's hands, and the events as signed
// webhooks.
#pragma once

#include "fake_stripe/api_service.hpp"
#include "fake_stripe/control.hpp"

#include <stripe_return/client/transport.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

class stripe_in_process final : public stripe_return::transport {
public:
  // Its time is the clock's.
  explicit stripe_in_process(std::shared_ptr<stripe_return::testkit::fake_time> clock)
      : clock_(std::move(clock)), state_(options_at(clock_->unix_time()), "https://stripe.test") {}

  stripe_return::result<stripe_return::http_response>
  send(const stripe_return::http_request& request) override {
    namespace fake = stripe_return::fake;
    std::unique_lock<std::mutex> lock(state_.mutex);
    ++requests_;
    if (outage_ && outage_(request)) {
      return stripe_return::error{stripe_return::error_code::connection_lost, "The fake is out."};
    }
    catch_up();
    fake::request asked;
    asked.method = request.form ? "POST" : "GET";
    const std::string target = request.url.substr(request.url.find("/v1/"));
    asked.path = target.substr(0, target.find('?'));
    if (asked.path != target) asked.query = target.substr(asked.path.size() + 1);
    asked.authorization = request.authorization.reveal();
    for (const auto& [name, value] : request.headers) {
      if (name == "idempotency-key") asked.idempotency_key = value;
      if (name == "stripe-account") asked.stripe_account = value;
      if (name == "stripe-version") asked.stripe_version = value;
    }
    asked.body = request.form.value_or("");
    fake::reply made = api_.answer(asked, lock);
    if (std::exchange(lose_next_answer_, false)) {
      return stripe_return::error{stripe_return::error_code::connection_lost,
                                  "The answer is lost."};
    }
    stripe_return::http_response answer =
        stripe_return::testkit::stripe_reply(made.status, made.body, clock_->unix_time());
    for (const auto& [name, value] : made.headers)
      if (name == "Idempotent-Replayed") answer.headers.push_back({"idempotent-replayed", value});
    return answer;
  }

  // `action` as /_fake/sessions/ID/ACTION has it: pay, pay_later, succeed, fail, expire.
  void customer(const std::string& session_id, const std::string& action) {
    control("/_fake/sessions/" + session_id + "/" + action, "");
  }
  // As /_fake/faults has it.
  void plan_fault(const std::string& fault) { control("/_fake/faults", fault); }
  void refund(const std::string& session_id) {
    std::string charge;
    {
      const std::lock_guard<std::mutex> lock(state_.mutex);
      charge = state_.stripe.find(session_id).intent->charges.back().id;
    }
    control("/_fake/charges/" + charge + "/refund", "");
  }

  // Every event so far, the oldest first: its body and its signature of now.
  struct webhook {
    std::string type;
    std::string body;
    std::string signature;
  };
  std::vector<webhook> webhooks() {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    std::vector<webhook> all;
    const auto events = state_.stripe.events(state_.clock.now());
    for (auto at = events.rbegin(); at != events.rend(); ++at)
      all.push_back(signed_webhook(**at));
    return all;
  }
  std::optional<webhook> any_webhook(std::size_t choice) {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    const auto events = state_.stripe.events(state_.clock.now());
    if (events.empty()) return std::nullopt;
    return signed_webhook(*events[choice % events.size()]);
  }

  std::vector<std::string> session_ids() {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    std::vector<std::string> ids;
    for (const auto* each : state_.stripe.sessions())
      ids.insert(ids.begin(), each->id);
    return ids;
  }

  int requests() {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    return requests_;
  }

  // The requests for which it says yes get no answer and do nothing.
  void set_outage(std::function<bool(const stripe_return::http_request&)> outage) {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    outage_ = std::move(outage);
  }

  // The next request is done, and nobody hears of it.
  void lose_next_answer() {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    lose_next_answer_ = true;
  }

  // Where the customer's browser is sent after the payment.
  std::string success_url(const std::string& session_id) {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    std::string url = state_.stripe.find(session_id).asked.success_url;
    const std::string id = "{CHECKOUT_SESSION_ID}";
    return url.replace(url.find(id), id.size(), session_id);
  }

private:
  static stripe_return::fake_stripe_options options_at(stripe_return::unix_seconds start) {
    stripe_return::fake_stripe_options options;
    options.start = start;
    return options;
  }

  webhook signed_webhook(const stripe_return::fake::event& event) {
    std::string body = event.json.dump();
    std::string signature =
        stripe_return::testkit::sign_webhook(body, "whsec_test", clock_->unix_time());
    return {event.type, std::move(body), std::move(signature)};
  }

  void catch_up() {
    state_.clock.advance(clock_->unix_time() - state_.clock.now());
    state_.stripe.pass_time(state_.clock.now());
  }

  void control(const std::string& path, const std::string& body) {
    std::unique_lock<std::mutex> lock(state_.mutex);
    catch_up();
    stripe_return::fake::request asked;
    asked.method = "POST";
    asked.path = path;
    asked.body = body;
    const auto made = control_.answer(asked, lock);
    if (made.status != 200) throw std::runtime_error(made.body);
  }

  const std::shared_ptr<stripe_return::testkit::fake_time> clock_;
  stripe_return::fake::server_state state_;
  stripe_return::fake::api_service api_{state_};
  stripe_return::fake::control control_{state_};
  int requests_ = 0;
  bool lose_next_answer_ = false;
  std::function<bool(const stripe_return::http_request&)> outage_;
};
