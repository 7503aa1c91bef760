// A shop of the model: two services on one store that fails now and then, one of which may have a
// clock that is wrong, and what must hold of its orders.
#pragma once

#include "laws.hpp"
#include "shop_of_orders.hpp"
#include "unsteady_store.hpp"

#include <stripe_return/orders/payment_listener.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace order_model {

namespace sr = stripe_return;

// The true time, or one that is so many seconds ahead of it.
class wrong_time final : public sr::time_source {
public:
  explicit wrong_time(std::shared_ptr<sr::testkit::fake_time> right) : right_(std::move(right)) {}
  std::chrono::steady_clock::time_point now() override { return right_->now(); }
  sr::unix_seconds unix_time() override { return right_->unix_time() + ahead; }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::chrono::steady_clock::time_point until) override {
    right_->wait_until(lock, changed, until);
  }
  sr::unix_seconds ahead = 0;

private:
  std::shared_ptr<sr::testkit::fake_time> right_;
};

// What the shops share: Stripe, the right time and a wrong one.
struct world {
  world() { stripe->connect_account(stripe_in_process::connected_account); }

  std::shared_ptr<sr::testkit::fake_time> clock =
      std::make_shared<sr::testkit::fake_time>(shop_of_orders::noon);
  std::shared_ptr<wrong_time> wrong = std::make_shared<wrong_time>(clock);
  std::shared_ptr<stripe_in_process> stripe = std::make_shared<stripe_in_process>(clock);
  sr::session_client client{shop_of_orders::client_options(), {sr::adapt(stripe), clock}};
  sr::session_client late_client{shop_of_orders::client_options(), {sr::adapt(stripe), wrong}};
  sr::webhook_verifier verifier{{{"one", "whsec_test"}}, sr::livemode::test};

  // By Stripe's own word: open, or with a recovery link that lives.
  bool can_be_paid(const std::string& session_id) const {
    const nlohmann::json truth = stripe->session(session_id);
    if (truth["status"] == "open") return true;
    if (truth["status"] != "expired" || !truth["after_expiration"].is_object()) return false;
    const nlohmann::json& recovery = truth["after_expiration"]["recovery"];
    return recovery.is_object() && recovery["url"].is_string() &&
           recovery["expires_at"].get<sr::unix_seconds>() > clock->unix_time();
  }
};

class shop {
public:
  shop(world& all, std::string name, std::function<unsteady_store::failure()> next)
      : all_(all), name_(std::move(name)), unsteady_(store_, std::move(next)) {
    at_.naming = options().naming;
  }

  const std::string& name() const { return name_; }
  const std::vector<std::string>& numbers() const { return numbers_; }
  sr::order_service& service(bool second) { return second ? second_ : first_; }
  sr::payment_listener& listener(bool second) {
    return second ? second_listener_ : first_listener_;
  }

  // The last number is that of an order in a connected account.
  sr::expected_order order(const std::string& number) const {
    sr::expected_order expected = shop_of_orders::order(number);
    if (number == numbers_.back()) expected.account = stripe_in_process::connected_account;
    return expected;
  }
  // The second number's can be recovered; the last one's are captured later.
  sr::checkout_parameters page(const std::string& number) const {
    sr::checkout_parameters page = shop_of_orders::page();
    if (number == numbers_[1])
      page.extra_parameters = {{"after_expiration[recovery][enabled]", "true"}};
    if (number == numbers_.back())
      page.extra_parameters = {{"payment_intent_data[capture_method]", "manual"}};
    return page;
  }

  std::optional<sr::order_record> kept(const std::string& key) {
    const auto row = store_.find(key).value();
    if (!row) return std::nullopt;
    return parse_order_row(*row).value();
  }
  std::optional<sr::order_record> owner_of(const std::string& session) {
    const auto row = store_.find_by_id(session).value();
    return row ? parse_order_row(*row).value() : kept(sr::unmatched_key(session));
  }

  // What is wrong with an order that has changed; empty: nothing.
  std::string fault_now() {
    at_.now = all_.clock->unix_time();
    for (const std::string& number : numbers_) {
      const auto order = kept(sr::order_key(number));
      if (!order) continue;
      std::string fault = an_order::fault_of(*order, at_, false);
      if (fault.empty()) fault = fault_of_history(number);
      if (fault.empty() && stages_[number] != order->stage) fault = fault_of_stage(*order);
      stages_[number] = order->stage;
      if (!fault.empty()) return name_ + " " + number + ": " + fault + ": " + to_text(*order);
    }
    return {};
  }

  // Whether the order can be paid after all.
  std::string fault_of_closed(const std::string& number) {
    const auto order = kept(sr::order_key(number));
    return order ? fault_of_stage(*order) : std::string();
  }
  // Whether somebody knows of the session's money.
  std::string fault_of_paid(const std::string& session) {
    const auto owner = owner_of(session);
    if (!owner) return session + " is paid, and nobody knows";
    if (!an_order::find_facts(*owner, session)) return session + " is not in its order";
    if (owner->stage == sr::order_stage::unmatched &&
        row_of(*owner).index.time(sr::order_list::review))
      return {};
    const std::string fault = an_order::fault_of(*owner, at_, false);
    return fault.empty() ? fault : session + ": " + fault + ": " + to_text(*owner);
  }
  // Whether anything is left that needs no person.
  std::string fault_of_rest() {
    for (const std::string& number : numbers_) {
      const auto order = kept(sr::order_key(number));
      if (order && order->stage == sr::order_stage::due && !sr::orders::is_blocked(*order))
        return name_ + " " + number + " is due and not handed over: " + to_text(*order);
    }
    return {};
  }

private:
  sr::order_options options() const {
    sr::order_options options;
    options.naming.shop = name_;
    return options;
  }

  std::string fault_of_stage(const sr::order_record& order) {
    if (order.stage != sr::order_stage::closed && order.stage != sr::order_stage::released)
      return {};
    for (const sr::order_session& each : order.sessions)
      if (!each.given_up && all_.can_be_paid(each.facts.id))
        return std::string(to_string(order.stage)) + ", and " + each.facts.id + " can be paid";
    return {};
  }

  // Fulfilled once, and released once; not both, unless a person has accepted something in between.
  std::string fault_of_history(const std::string& number) {
    bool fulfilled = false, given_back = false, accepted = false;
    const std::vector<std::string> lines = store_.history(sr::order_key(number)).value();
    for (const std::string& line : lines) {
      switch (sr::parse_history_entry(line).value().action) {
      case sr::history_action::fulfilled:
        if (given_back && !accepted) return "fulfilled after its stock was given back";
        [[fallthrough]];
      case sr::history_action::marked_fulfilled:
        if (fulfilled) return "fulfilled twice";
        fulfilled = true;
        break;
      case sr::history_action::released:
        if (fulfilled || given_back) return "its stock was given back too often";
        given_back = true;
        break;
      case sr::history_action::accepted: accepted = true; break;
      default: break;
      }
    }
    return {};
  }

  world& all_;
  const std::string name_;
  const std::vector<std::string> numbers_{"A1", "A2", "A3"};
  sr::memory_store store_;
  unsteady_store unsteady_;
  sr::order_service first_{all_.client, unsteady_, options()};
  sr::order_service second_{all_.late_client, unsteady_, options()};
  sr::payment_listener first_listener_{first_, all_.verifier};
  sr::payment_listener second_listener_{second_, all_.verifier};
  an_order::rules::circumstances at_;
  std::map<std::string, sr::order_stage> stages_;
};

} // namespace order_model
