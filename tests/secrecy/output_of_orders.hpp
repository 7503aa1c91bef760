// A shop whose Stripe plants canaries, and all that its roles tell of its orders.
#pragma once

#include "canaries.hpp"
#include "planting_stripe.hpp"
#include "printable.hpp"
#include "session_histories.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

class output_of_orders {
public:
  explicit output_of_orders(stripe_return::order_store& store) : store_(store) {}

  // An order for each history of a session, one whose session asks for too much, and one that
  // nobody expects: by every member of every role.
  void live() {
    for (const std::vector<std::string>& history : session_histories)
      open_order(history);
    make_beside("A1");
    make_beside("nobody's");
    receive_webhooks();
    work();
    decide();
    tell(orders_.close("A1", "Ann"));
    tell(orders_.cancel("A2", "Ann"));
    tell(orders_.mark_fulfilled("A3", stripe_return::fulfilled_by::unknown, "Ann"));
    work();
  }
  void work() {
    const stripe_return::run_report ran = worker_.run();
    for (const stripe_return::error& each : ran.failures)
      told_ += printable(each);
    const stripe_return::reconcile_report reconciled = stripe_return::reconciler(orders_).run();
    for (const stripe_return::reconcile_failure& each : reconciled.failures)
      told_ += each.phase + each.subject + printable(each.failure);
    tell(payments_.refresh("A1", "Ann"));
    tell(orders_.reprice(expected("A1")));
    tell(open("A1"));
  }

  // Of everything so far, and what the store keeps.
  std::string output() {
    std::string all = told_;
    stripe_return::order_query query;
    const auto page = orders_.list(query);
    for (const auto* rows : {&page.value().orders, &page.value().unmatched})
      for (const stripe_return::order_record& each : *rows)
        all += row_of(each).text + '\n';
    for (int i = 1; i <= count_; ++i) {
      const auto history = orders_.history("A" + std::to_string(i)).value();
      for (const stripe_return::history_entry& each : history)
        all += to_text(each) + '\n';
    }
    return all + orders_.stats().value().last_foreign_payment;
  }

  planting_stripe stripe;

private:
  static stripe_return::expected_order expected(const std::string& out_trade_no) {
    stripe_return::expected_order order;
    order.out_trade_no = out_trade_no;
    order.amounts = {{400, "cny"}};
    return order;
  }
  static stripe_return::checkout_parameters page() {
    stripe_return::checkout_parameters page;
    page.line_items = {{"Tea", {400, "cny"}, 1}};
    page.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    page.extra_parameters = {{"customer_email", canary::email}};
    return page;
  }
  stripe_return::result<stripe_return::checkout> open(const std::string& out_trade_no) {
    return orders_.open_checkout(expected(out_trade_no), page());
  }

  void open_order(const std::vector<std::string>& history) {
    const std::string number = "A" + std::to_string(++count_);
    const auto opened = open(number);
    ASSERT_TRUE(opened) << opened.error().message;
    // The one answer in which a secret may stand, for the browser of the order.
    EXPECT_EQ(opened->client_secret.reveal(), canary::client_secret);
    tell(opened);
    for (const std::string& each : history)
      stripe.behind().apply({{"id", opened->session_id}}, each);
    for (const std::string& browsers : {number, std::string("B1"), canary::note})
      tell(payments_.on_return("session_id=" + opened->session_id, browsers));
    tell(payments_.on_return("session_id=" + canary::client_secret, number));
    tell(orders_.view(number));
  }
  void make_beside(const std::string& out_trade_no) {
    stripe_return::checkout_parameters parameters = page();
    parameters.out_trade_no = out_trade_no;
    parameters.attempt = 7;
    parameters.line_items.front().quantity = 2;
    const auto made = client_.create(parameters);
    ASSERT_TRUE(made) << made.error().message;
    stripe.behind().apply({{"id", made->session.id}}, "pay");
  }
  void receive_webhooks() {
    const nlohmann::json events = stripe.behind().read("/v1/events");
    for (const nlohmann::json& each : events.at("data")) {
      const std::string body = canary::planted(each).dump();
      const std::string genuine =
          stripe_return::testkit::sign_webhook(body, canary::webhook_secret, std::time(nullptr));
      for (const std::string& signature : {genuine, canary::webhook_secret}) {
        const stripe_return::webhook_result got = payments_.on_webhook(body, signature);
        told_ += got.out_trade_no + got.unmatched_payment;
        if (got.failure) told_ += printable(*got.failure);
      }
    }
  }
  // One item after the other, in one way and then the other.
  void decide() {
    stripe_return::order_query query;
    query.in_review = true;
    const auto page = orders_.list(query);
    ASSERT_TRUE(page);
    std::vector<stripe_return::order_record> all = page->orders;
    all.insert(all.end(), page->unmatched.begin(), page->unmatched.end());
    EXPECT_GE(all.size(), 3U);
    auto verdict = stripe_return::review_verdict::accept;
    for (const stripe_return::order_record& order : all) {
      for (const stripe_return::review_item& each : order.review_items)
        tell(orders_.resolve(each.id, std::exchange(verdict, stripe_return::review_verdict::reject),
                             "Ann", {}, "A1"));
    }
    tell(orders_.resolve(canary::secret_key + ":1", verdict, "Ann"));
  }

  stripe_return::task_handlers handlers() {
    stripe_return::task_handlers handlers;
    handlers.fulfill = [this](const stripe_return::fulfill_task& task) {
      told_ += task.out_trade_no + task.idempotency_key + task.session_id;
      if (task.out_trade_no == "A2") throw std::runtime_error(canary::note); // not to be kept
      return stripe_return::task_result::give_up;
    };
    handlers.release = [](const stripe_return::release_task&) {
      return stripe_return::task_result::done;
    };
    handlers.changed = [this](const stripe_return::order_record& order) {
      told_ += row_of(order).text;
    };
    return handlers;
  }

  void tell(const stripe_return::result<stripe_return::return_result>& of) {
    told_ += of ? of->out_trade_no + (of->view ? printable(*of->view) : "") : printable(of.error());
  }
  void tell(const stripe_return::result<stripe_return::checkout>& of) {
    told_ += of ? of->session_id + printable(of->view) : printable(of.error());
  }
  void tell(const stripe_return::result<std::optional<stripe_return::customer_view>>& of) {
    told_ += !of ? printable(of.error()) : *of ? printable(**of) : "";
  }
  void tell(const stripe_return::result<stripe_return::customer_view>& of) {
    told_ += printable(of);
  }
  void tell(const stripe_return::result<stripe_return::close_answer>& of) {
    told_ += of ? std::string(to_string(of->result)) : printable(of.error());
  }
  template <class Word> void tell(const stripe_return::result<Word>& of) {
    told_ += of ? std::string(to_string(*of)) : printable(of.error());
  }

  stripe_return::client_options client_options() const {
    stripe_return::client_options options;
    options.secret_key = canary::secret_key;
    options.api_base = stripe.url();
    return options;
  }
  static stripe_return::order_options order_options() {
    stripe_return::order_options options;
    options.order_token_key = canary::webhook_secret + canary::secret_key;
    return options;
  }

  stripe_return::order_store& store_;
  const stripe_return::session_client client_{client_options()};
  const stripe_return::webhook_verifier verifier_{{{"current", canary::webhook_secret}},
                                                  stripe_return::livemode::test};
  stripe_return::order_service orders_{client_, store_, order_options()};
  stripe_return::payment_listener payments_{orders_, verifier_};
  stripe_return::fulfillment_worker worker_{orders_, handlers()};
  std::string told_;
  int count_ = 0;
};
