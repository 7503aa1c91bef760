// The fake Stripe with a network that fails, and with a memory of its events and sessions.
#pragma once

#include "unit/client/client_calls.hpp"

#include <stripe_return/client/transport.hpp>
#include <stripe_return/testkit/fake_stripe.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class stripe_in_process final : public stripe_return::blocking_transport {
public:
  // Its time is the clock's.
  explicit stripe_in_process(std::shared_ptr<stripe_return::testkit::fake_time> clock)
      : clock_(std::move(clock)), stripe_(clock_, options()) {}

  stripe_return::result<stripe_return::http_response>
  send(const stripe_return::http_request& request) override {
    using stripe_return::error_code;
    bool lost = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ++requests_;
      if (outage_ && outage_(request)) {
        return stripe_return::error{error_code::connection_lost, "The fake is out."};
      }
      lost = std::exchange(lose_next_answer_, false);
    }
    auto answer = send_once(stripe_, request);
    if (answer && answer->status == 200) remember_session(request, *answer);
    if (lost) return stripe_return::error{error_code::connection_lost, "The answer is lost."};
    return answer;
  }

  static constexpr const char* connected_account = "acct_1Connected";

  // `action` as /_fake/sessions/ID/ACTION has it: pay, pay_later, succeed, fail, expire, recover.
  void customer(const std::string& session_id, const std::string& action) {
    remember(nlohmann::json::parse(post("/_fake/sessions/" + session_id + "/" + action, ""))["id"]);
  }
  // The session as it is, with its PaymentIntent and charge.
  nlohmann::json session(const std::string& session_id) {
    return nlohmann::json::parse(post("/_fake/sessions/" + session_id + "/update", ""));
  }
  // As /_fake/faults has it.
  void plan_fault(const std::string& fault) { post("/_fake/faults", fault); }
  // As /_fake/webhooks has it.
  void set_webhooks(const std::string& settings) { post("/_fake/webhooks", settings); }
  // From now on the secret key may act for this account.
  void connect_account(const std::string& id) {
    post("/_fake/accounts", R"({"id": ")" + id + R"("})");
  }
  // Webhooks about payments, too.
  void send_all_events() { set_webhooks(R"({"events":["*"]})"); }
  // All that is left of it, or so much.
  void refund(const std::string& session_id, int amount = 0) {
    post(charge_of(session_id) + "/refund",
         amount == 0 ? "" : nlohmann::json{{"amount", amount}}.dump());
  }
  void dispute(const std::string& session_id) { post(charge_of(session_id) + "/dispute", ""); }

  // Every event so far, the oldest first: its body and its signature of now.
  struct webhook {
    std::string type;
    std::string body;
    std::string signature;
  };
  std::vector<webhook> webhooks() {
    const std::lock_guard<std::mutex> lock(mutex_);
    catch_up();
    std::vector<webhook> all;
    for (const auto& each : events_)
      all.push_back(signed_webhook(each));
    return all;
  }
  // One of them, counted from the newest.
  std::optional<webhook> any_webhook(std::size_t choice) {
    const std::lock_guard<std::mutex> lock(mutex_);
    catch_up();
    if (events_.empty()) return std::nullopt;
    return signed_webhook(events_[events_.size() - 1 - choice % events_.size()]);
  }

  // Those that were made, though the answer may have been lost.
  std::vector<std::string> session_ids() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return session_ids_;
  }

  int requests() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

  // The requests for which it says yes get no answer and do nothing.
  void set_outage(std::function<bool(const stripe_return::http_request&)> outage) {
    const std::lock_guard<std::mutex> lock(mutex_);
    outage_ = std::move(outage);
  }

  // The next request is done, and nobody hears of it.
  void lose_next_answer() {
    const std::lock_guard<std::mutex> lock(mutex_);
    lose_next_answer_ = true;
  }

  // Where the customer's browser is sent after the payment.
  std::string success_url(const std::string& session_id) {
    std::string url = session(session_id)["success_url"];
    const std::string id = "{CHECKOUT_SESSION_ID}";
    return url.replace(url.find(id), id.size(), session_id);
  }

private:
  static stripe_return::testkit::fake_stripe_options options() {
    stripe_return::testkit::fake_stripe_options options;
    options.webhook_secret = stripe_return::secret("whsec_test");
    return options;
  }

  void catch_up() {
    stripe_.deliver_webhooks([this](const stripe_return::testkit::fake_webhook& each) {
      events_.push_back(each);
      return 200;
    });
  }

  webhook signed_webhook(const stripe_return::testkit::fake_webhook& event) {
    return {event.event_type, event.body,
            stripe_return::testkit::sign_webhook(event.body, "whsec_test", clock_->unix_time())};
  }

  void remember_session(const stripe_return::http_request& request,
                        const stripe_return::http_response& answer) {
    constexpr std::string_view create = "/v1/checkout/sessions";
    const std::string_view url = request.url;
    if (!request.form || url.size() < create.size() ||
        url.substr(url.size() - create.size()) != create) {
      return;
    }
    remember(nlohmann::json::parse(answer.body)["id"]);
  }
  // An answer that is repeated under its idempotency key names the same session.
  void remember(const std::string& id) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (std::find(session_ids_.begin(), session_ids_.end(), id) == session_ids_.end())
      session_ids_.push_back(id);
  }

  std::string charge_of(const std::string& session_id) {
    return "/_fake/charges/" +
           std::string(session(session_id)["payment_intent"]["latest_charge"]["id"]);
  }

  std::string post(const std::string& path, const std::string& body) {
    auto answer = stripe_.post(path, body);
    if (!answer) throw std::runtime_error(answer.error().message);
    return *std::move(answer);
  }

  const std::shared_ptr<stripe_return::testkit::fake_time> clock_;
  stripe_return::testkit::fake_stripe stripe_;
  std::mutex mutex_; // for all below
  std::vector<stripe_return::testkit::fake_webhook> events_;
  std::vector<std::string> session_ids_; // oldest first
  int requests_ = 0;
  bool lose_next_answer_ = false;
  std::function<bool(const stripe_return::http_request&)> outage_;
};
