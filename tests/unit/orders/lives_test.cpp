// Random lives of orders: several services on one store that fails, a Stripe whose answers get lost
// and whose events come late, twice or never, sessions made beside the service, persons who decide.
// STRIPE_RETURN_LIVES says how many lives, STRIPE_RETURN_LIFE which one.
#include "laws.hpp"
#include "sanitized.hpp"
#include "shop_of_orders.hpp"
#include "unsteady_store.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using stage = sr::order_stage;

class lives {
public:
  explicit lives(std::uint64_t seed) : random_(seed) {}

  // The step that broke a law, and which; empty: none.
  std::string live(int steps) {
    for (int i = 0; i != steps; ++i) {
      const std::string what = step();
      said_ += what + '\n';
      if (const std::string fault = fault_now(); !fault.empty()) return fault + " after:\n" + said_;
    }
    calm_ = true;
    shop_.stripe->set_outage({});
    settle();
    const std::string fault = fault_now();
    const std::string lost = fault.empty() ? money_that_nobody_knows() : fault;
    return lost.empty() ? lost : lost + " in the end, after:\n" + said_;
  }
  std::map<std::string, int> counted;

private:
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string any_number() { return numbers_[below(numbers_.size())]; }
  sr::order_service& any_service() { return one_in(2) ? first_ : second_; }
  std::string any_session() {
    const auto ids = shop_.stripe->session_ids();
    return ids.empty() ? std::string() : ids[below(ids.size())];
  }
  void customer(const std::string& session, const char* action) {
    try {
      shop_.stripe->customer(session, action);
    } catch (const std::runtime_error&) { // Stripe refuses what cannot be
    }
  }

  std::string step() {
    switch (below(19)) {
    case 0:
    case 1: return open();
    case 2:
    case 3: {
      const char* actions[] = {"pay", "pay", "pay", "pay_later", "succeed", "fail", "expire"};
      const char* action = actions[below(7)];
      const std::string session = any_session();
      if (!session.empty()) customer(session, action);
      return "customer " + std::string(action) + " " + session;
    }
    case 4:
    case 5: {
      const auto event = shop_.stripe->any_webhook(below(1000));
      if (!event) return "no webhook";
      const auto answer = any_listener().on_webhook(event->body, event->signature);
      return "webhook " + event->type + " " + std::to_string(answer.http_status);
    }
    case 6: {
      const std::string session = any_session();
      const auto answer = any_listener().on_return("session_id=" + session, any_number());
      return "return " + session + (answer ? "" : " failed");
    }
    case 7: {
      const std::string number = any_number();
      const auto answer = any_listener().refresh(number, "Ann");
      return "refresh " + number + (answer ? "" : " failed");
    }
    case 8: {
      const std::string number = any_number();
      const auto answer = any_service().close(number, "application");
      if (answer && *answer == sr::close_result::closed) check_that_nobody_can_pay(number);
      return "close " + number + " " + (answer ? std::string(to_string(*answer)) : "failed");
    }
    case 9: {
      if (!one_in(3)) return "-";
      const std::string number = any_number();
      const auto answer = any_service().cancel(number, "Ann");
      return "cancel " + number + " " + (answer ? std::string(to_string(*answer)) : "failed");
    }
    case 10: {
      if (!one_in(4)) return "-";
      const std::string number = any_number();
      const auto how = one_in(2) ? sr::fulfilled_by::elsewhere : sr::fulfilled_by::unknown;
      const auto answer = any_service().mark_fulfilled(number, how, "Ann");
      return "mark " + number + " " + std::string(to_string(how)) + " " +
             (answer ? std::string(to_string(*answer)) : "failed");
    }
    case 11: return decide();
    case 12: return beside();
    case 13: {
      const std::string session = any_session();
      if (session.empty() || !one_in(2)) return "-";
      try {
        shop_.stripe->refund(session);
      } catch (const std::exception&) {
        return "nothing to refund";
      }
      return "refund " + session;
    }
    case 14: {
      const int minutes[] = {1, 1, 5, 5, 60, 60, 60 * 25};
      const int passed = minutes[below(7)];
      shop_.clock->advance(std::chrono::minutes(passed));
      return std::to_string(passed) + " minutes pass";
    }
    case 15: shop_.stripe->lose_next_answer(); return "the next answer is lost";
    case 16: {
      sr::reconciler reconciler(any_service());
      const auto report = reconciler.run();
      return "reconcile " + std::to_string(report.observations);
    }
    default: return work();
    }
  }

  // By Stripe's own word. The next answer may have been planned to be lost: then nothing is said.
  void check_that_nobody_can_pay(const std::string& number) {
    const sr::order_record order =
        parse_order_row(*shop_.store.find(sr::order_key(number)).value()).value();
    for (const sr::order_session& each : order.sessions) {
      const auto truth = shop_.client.retrieve(*sr::session_id::parse(each.facts.id));
      if (truth && truth->session.status == sr::session_status::open)
        fault_ = number + " was closed, and " + each.facts.id + " can be paid";
    }
  }

  std::string open() {
    const std::string number = any_number();
    const auto opened = any_service().open_checkout(shop_.order(number), shop_.page());
    if (!opened) return "open " + number + " " + std::string(to_string(opened.error().code));
    if (!opened->url.empty() && opened->view.pay_again != sr::pay_again::yes)
      fault_ = "a URL was given out though nobody should pay again";
    ++counted["opened"];
    return "open " + number + " " + opened->session_id;
  }

  std::string work() {
    sr::task_handlers handlers;
    handlers.fulfill = [this](const sr::fulfill_task&) {
      const std::size_t what = below(6);
      return what == 0   ? sr::task_result::retry_later
             : what == 1 ? sr::task_result::give_up
                         : sr::task_result::done;
    };
    handlers.release = [this](const sr::release_task&) {
      return one_in(5) && !calm_ ? sr::task_result::retry_later : sr::task_result::done;
    };
    sr::fulfillment_worker worker(any_service(), handlers);
    const auto report = worker.run();
    counted["fulfilled"] += report.fulfilled;
    counted["released"] += report.released;
    return "work " + std::to_string(report.fulfilled) + " " + std::to_string(report.released);
  }

  std::string decide() {
    sr::order_query query;
    if (one_in(3)) {
      query.to_give_back = true;
      const auto page = first_.list(query);
      if (!page || page->orders.empty()) return "-";
      for (const auto& each : page->orders.front().to_give_back)
        if (!each.ended_at) {
          const auto done = any_service().mark_refunded(each.session_id, "Ann");
          return "mark refunded " + each.session_id + (done ? "" : " failed");
        }
      return "-";
    }
    query.in_review = true;
    const auto page = first_.list(query);
    if (!page) return "-";
    std::vector<sr::order_record> all = page->orders;
    all.insert(all.end(), page->unmatched.begin(), page->unmatched.end());
    if (all.empty()) return "-";
    const sr::order_record& order = all[below(all.size())];
    for (const sr::review_item& each : order.review_items) {
      if (each.state != sr::review_state::open) continue;
      const auto verdict = one_in(2) ? sr::review_verdict::accept : sr::review_verdict::reject;
      const auto done = any_service().resolve(each.id, verdict, "Ann", {}, any_number());
      if (const auto row = shop_.store.find(row_of(order).key).value(); fault_.empty() && row)
        fault_ = an_order::fault_of_verdict(order, parse_order_row(*row).value(), each.id);
      ++counted["resolved"];
      return std::string(to_string(verdict)) + " " + each.id + " " +
             (done ? std::string(to_string(*done)) : "failed");
    }
    return "-";
  }

  // Somebody makes a session with the same secret key, for an order of the shop or for none.
  std::string beside() {
    if (!one_in(2)) return "-";
    sr::checkout_parameters page = shop_.page();
    page.out_trade_no = one_in(3) ? "B1" : any_number();
    page.attempt = ++beside_;
    page.store_id = "beside";
    if (one_in(2)) page.line_items.front().unit_amount = sr::money(450, "cny");
    const auto made = shop_.client.create(page);
    return "beside " + page.out_trade_no + (made ? " " + made->session.id : " failed");
  }

  sr::payment_listener& any_listener() { return one_in(2) ? first_listener_ : second_listener_; }

  // What must hold of every order that is kept.
  std::string fault_now() {
    if (!fault_.empty()) return fault_;
    for (const std::string& number : numbers_) {
      const auto row = shop_.store.find(sr::order_key(number)).value();
      if (!row) continue;
      const sr::order_record order = parse_order_row(*row).value();
      const sr::unix_seconds now = shop_.clock->unix_time();
      std::string fault = an_order::fault_of(order, now, false);
      stage& before = stages_[number];
      const bool newly = before != order.stage;
      if (newly && order.stage == stage::fulfilled) ++fulfilled_[number];
      if (fulfilled_[number] > 1 || (before == stage::fulfilled && newly))
        fault = "fulfilled more than once";
      before = order.stage;
      if (!fault.empty()) return number + ": " + fault + ": " + to_text(order);
    }
    return {};
  }

  // Everything that was put off is done.
  void settle() {
    for (int day = 0; day != 3; ++day) {
      for (const auto& each : shop_.stripe->webhooks())
        static_cast<void>(first_listener_.on_webhook(each.body, each.signature));
      sr::reconciler reconciler(first_);
      static_cast<void>(reconciler.run());
      work();
      shop_.clock->advance(std::chrono::hours(25));
    }
  }

  // Of each session that is paid at Stripe somebody knows.
  std::string money_that_nobody_knows() {
    for (const std::string& session : shop_.stripe->session_ids()) {
      const auto truth = shop_.client.retrieve(*sr::session_id::parse(session));
      if (!truth || truth->session.payment_status != sr::session_payment_status::paid) continue;
      const auto found = first_.find(session);
      if (!found || !*found) return session + " is paid, and nobody knows";
      if (!an_order::find_facts(**found, session))
        return session + " is paid, and not in its order";
      if ((*found)->stage == stage::unmatched && row_of(**found).index.time(sr::order_list::review))
        continue;
      const std::string fault = an_order::fault_of(**found, shop_.clock->unix_time(), false);
      if (!fault.empty()) return session + ": " + fault;
    }
    return {};
  }

  std::mt19937_64 random_;
  shop_of_orders shop_;
  bool calm_ = false;
  unsteady_store unsteady_{shop_.store, [this] {
                             if (calm_ || !one_in(12)) return unsteady_store::failure::none;
                             return one_in(2) ? unsteady_store::failure::before
                                              : unsteady_store::failure::after;
                           }};
  sr::order_service first_{shop_.client, unsteady_};
  sr::order_service second_{shop_.client, unsteady_};
  sr::payment_listener first_listener_{first_, shop_.verifier};
  sr::payment_listener second_listener_{second_, shop_.verifier};
  const std::vector<std::string> numbers_{"A1", "A2", "A3"};
  std::map<std::string, stage> stages_;
  std::map<std::string, int> fulfilled_;
  std::string fault_;
  std::string said_;
  int beside_ = 0;
};

TEST(Lives, KeepTheLaws) {
  const char* one = std::getenv("STRIPE_RETURN_LIFE");
  const char* many = std::getenv("STRIPE_RETURN_LIVES");
  const int few = sanitized ? 8 : 60;
  std::uint64_t seed = one != nullptr ? std::strtoull(one, nullptr, 10) : std::random_device{}();
  std::map<std::string, int> counted;
  for (int left = one != nullptr ? 1 : many != nullptr ? std::atoi(many) : few; left != 0; --left) {
    lives life(seed);
    const std::string broken = life.live(60);
    ASSERT_EQ(broken, "") << "STRIPE_RETURN_LIFE=" << seed;
    for (const auto& [what, count] : life.counted)
      counted[what] += count;
    ++seed;
  }
  for (const auto& [what, count] : counted)
    std::printf("%s %d\n", what.c_str(), count);
}

} // namespace
