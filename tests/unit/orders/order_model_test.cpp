// Random lives of orders: two shops in one Stripe account, each with two services on one store that
// fails, a Stripe whose answers get lost and whose events come late, twice or never, sessions made
// beside the service, persons who decide, clocks that are wrong, workers that overlap.
// STRIPE_RETURN_MODEL_RUNS says how many, STRIPE_RETURN_MODEL_SEED which one.
#include "model_shop.hpp"
#include "sanitized.hpp"

#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/reconciler.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>

namespace {

namespace sr = stripe_return;
using order_model::shop;

class model {
public:
  explicit model(std::uint64_t seed) : random_(seed) {
    all_.stripe->set_webhooks(R"({"events":["*"],"payload":"both"})");
    all_.stripe->set_outage([this](const sr::http_request&) {
      return requests_to_fail_ != 0 && requests_to_fail_-- != 0;
    });
    clocks_move_ = one_in(3);
    favorite_ = below(3);
    said_ = open() + '\n' + open() + '\n';
  }

  // The step that broke a law, and which; empty: none.
  std::string run(int length) {
    std::string fault;
    for (int i = 0; i != length && fault.empty(); ++i) {
      said_ += any_step() + '\n';
      fault = fault_now();
    }
    if (fault.empty()) {
      settle();
      fault = fault_now();
    }
    if (fault.empty()) fault = fault_in_the_end();
    return fault.empty() ? fault : fault + " after:\n" + said_;
  }

  std::map<std::string, int> counted;

private:
  struct weighted_step {
    std::size_t weight;
    std::string (model::*make)();
  };
  std::string any_step() {
    static constexpr weighted_step steps[] = {
        {12, &model::open},       {16, &model::customer},   {16, &model::webhook},
        {6, &model::come_back},   {4, &model::refresh},     {5, &model::close},
        {1, &model::cancel},      {1, &model::mark},        {2, &model::reprice},
        {9, &model::resolve},     {3, &model::give_back},   {4, &model::beside},
        {3, &model::refund},      {2, &model::dispute},     {3, &model::merchant},
        {6, &model::time_passes}, {2, &model::clock_moves}, {3, &model::lose_answer},
        {6, &model::reconcile},   {12, &model::work},
    };

    std::size_t all = 0;
    for (const weighted_step& each : steps)
      all += each.weight;
    std::size_t left = below(all);
    for (const weighted_step& each : steps) {
      if (left < each.weight) return (this->*each.make)();
      left -= each.weight;
    }
    return {};
  }

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T, std::size_t N> T one_of(const T (&all)[N]) { return all[below(N)]; }

  // Most often the same ones, so that enough becomes of one order.
  shop& any_shop() { return shops_[one_in(4) ? 1 : 0]; }
  std::string any_number() { return shops_[0].numbers()[one_in(2) ? favorite_ : below(3)]; }
  sr::order_service& any_service(shop& of) { return of.service(one_in(3)); }
  sr::payment_listener& any_listener(shop& of) { return of.listener(one_in(3)); }
  std::string any_session() {
    const auto ids = all_.stripe->session_ids();
    if (ids.empty()) return "cs_test_unknown";
    return one_in(2) ? ids.back() : ids[below(ids.size())];
  }
  template <class T> static std::string session_seen(const sr::result<T>& answer) {
    return answer ? std::string(to_string(*answer))
                  : "failed: " + std::string(to_string(answer.error().code));
  }
  // With the first session that Stripe does not refuse it for.
  std::string act(const std::string& what, const std::function<void(const std::string&)>& on) {
    for (int tries = 0; tries != 4; ++tries) {
      const std::string session = any_session();
      try {
        on(session);
        return what + " " + session;
      } catch (const std::exception&) {
      }
    }
    return what + " refused";
  }

  std::string open() {
    shop& of = any_shop();
    const std::string number = any_number();
    sr::expect_options how;
    if (number == "A1" && one_in(4)) how.pay_until = shop_of_orders::noon + 7200;
    const auto opened = any_service(of).open_checkout(of.order(number), of.page(number), how);
    std::string what = "open " + of.name() + " " + number + " ";
    if (!opened) return what + std::string(to_string(opened.error().code));
    if (!opened->url.empty() && opened->view.pay_again != sr::pay_again::yes)
      fault_ = "a URL was given out though nobody should pay again: " +
               to_text(*of.kept(sr::order_key(number)));
    ++counted["opened"];
    return what + opened->session_id;
  }

  std::string customer() {
    const std::string action = one_of({"pay", "pay", "pay", "pay_later", "succeed", "fail",
                                       "decline", "expire", "expire", "recover"});
    return act("customer " + action,
               [&](const std::string& session) { all_.stripe->customer(session, action); });
  }
  std::string merchant() {
    const std::string action = one_of({"capture", "capture", "cancel_payment"});
    return act(action, [&](const std::string& session) { all_.stripe->customer(session, action); });
  }
  std::string refund() {
    const int amount = one_in(2) ? 100 : 0;
    return act("refund", [&](const std::string& session) { all_.stripe->refund(session, amount); });
  }
  std::string dispute() {
    return act("dispute", [&](const std::string& session) { all_.stripe->dispute(session); });
  }

  std::string webhook() {
    const auto event = all_.stripe->any_webhook(below(one_in(2) ? 4 : 1000));
    if (!event) return "no webhook";
    shop& of = any_shop();
    const auto answer = any_listener(of).on_webhook(event->body, event->signature);
    return "webhook " + event->type + " to " + of.name() + " " + std::to_string(answer.http_status);
  }
  std::string come_back() {
    shop& of = any_shop();
    const std::string session = any_session();
    const auto answer = any_listener(of).on_return("session_id=" + session, any_number());
    return "return " + session + " to " + of.name() + (answer ? "" : " failed");
  }
  std::string refresh() {
    shop& of = any_shop();
    const std::string number = any_number();
    const auto answer = any_listener(of).refresh(number, "Ann");
    return "refresh " + of.name() + " " + number + (answer ? "" : " failed");
  }

  std::string close() {
    shop& of = any_shop();
    const std::string number = any_number();
    const auto answer = any_service(of).close(number, "application");
    if (answer && answer->result == sr::close_result::closed && fault_.empty())
      fault_ = of.fault_of_closed(number);
    return "close " + of.name() + " " + number + " " +
           (answer ? std::string(to_string(answer->result)) : "failed");
  }
  std::string cancel() {
    shop& of = any_shop();
    const std::string number = any_number();
    return "cancel " + of.name() + " " + number + " " +
           session_seen(any_service(of).cancel(number, "Ann"));
  }
  std::string mark() {
    shop& of = any_shop();
    const std::string number = any_number();
    const auto how = one_of({sr::fulfilled_by::elsewhere, sr::fulfilled_by::unknown});
    return "mark " + of.name() + " " + number + " " + std::string(to_string(how)) + " " +
           session_seen(any_service(of).mark_fulfilled(number, how, "Ann"));
  }
  std::string reprice() {
    shop& of = any_shop();
    const std::string number = any_number();
    sr::expected_order order = of.order(number);
    order.amounts = {{one_in(2) ? 400 : 450, "cny"}};
    const auto answer = any_service(of).reprice(order);
    return "reprice " + of.name() + " " + number + " " +
           (answer ? "" : std::string(to_string(answer.error().code)));
  }

  std::string resolve() {
    shop& of = any_shop();
    sr::order_query query;
    query.in_review = true;
    const auto page = of.service(false).list(query);
    if (!page) return "no list";
    std::vector<sr::order_record> all = page->orders;
    all.insert(all.end(), page->unmatched.begin(), page->unmatched.end());
    if (all.empty()) return "nothing in review";
    const sr::order_record& order = all[below(all.size())];
    for (const sr::review_item& each : order.review_items) {
      if (each.state != sr::review_state::open || one_in(3)) continue;
      const auto verdict = one_of({sr::review_verdict::accept, sr::review_verdict::reject});
      const char* account = one_in(2) ? "" : stripe_in_process::connected_account;
      const auto done = any_service(of).resolve(each.id, verdict, "Ann", {}, any_number(), account);
      if (const auto after = of.kept(row_of(order).key); fault_.empty() && after)
        fault_ = an_order::fault_of_verdict(order, *after, each.id);
      ++counted["resolved"];
      return std::string(to_string(verdict)) + " " + each.id + " " + session_seen(done);
    }
    return "looked at the reviews";
  }
  std::string give_back() {
    shop& of = any_shop();
    sr::order_query query;
    query.to_give_back = true;
    const auto page = of.service(false).list(query);
    if (!page || page->orders.empty()) return "nothing to give back";
    for (const sr::give_back_entry& each : page->orders.front().to_give_back) {
      if (each.ended_at) continue;
      const auto done = any_service(of).mark_refunded(each.session_id, "Ann");
      return "mark refunded " + each.session_id + (done ? "" : " failed");
    }
    return "nothing to give back";
  }

  // Somebody makes a session with the same secret key, for an order of a shop or for none.
  std::string beside() {
    const shop& of = any_shop();
    const std::string number = any_number();
    sr::checkout_parameters page = of.page(number);
    page.out_trade_no = one_in(3) ? "B1" : number;
    page.naming.shop = of.name();
    page.attempt = ++beside_;
    page.store_id = "beside";
    if (one_in(2)) page.line_items.front().unit_amount = sr::money(450, "cny");
    sr::call_options how;
    if (one_in(3)) how.account = stripe_in_process::connected_account;
    const std::size_t known = all_.stripe->session_ids().size();
    const auto made = all_.client.create(page, how);
    const auto all = all_.stripe->session_ids();
    if (!how.account.empty())
      of_no_order_.insert(of_no_order_.end(), all.begin() + static_cast<std::ptrdiff_t>(known),
                          all.end());
    return "beside " + of.name() + " " + page.out_trade_no +
           (made ? " " + made->session.id : " failed");
  }

  std::string time_passes() {
    const int minutes = one_of({1, 1, 1, 5, 5, 5, 60, 60, 60 * 25});
    all_.clock->advance(std::chrono::minutes(minutes));
    return std::to_string(minutes) + " minutes pass";
  }
  std::string clock_moves() {
    constexpr sr::unix_seconds year = 365 * 86400;
    if (clocks_move_) all_.wrong->ahead = one_of({sr::unix_seconds{0}, year, -year, -3600L});
    return "a clock is " + std::to_string(all_.wrong->ahead) + " s ahead";
  }
  std::string lose_answer() {
    if (one_in(2)) {
      all_.stripe->lose_next_answer();
      return "the next answer is lost";
    }
    requests_to_fail_ = 1 + below(3);
    return "so many requests fail: " + std::to_string(requests_to_fail_);
  }
  std::string reconcile() {
    shop& of = any_shop();
    sr::reconciler reconciler(any_service(of));
    return "reconcile " + of.name() + " " + std::to_string(reconciler.run().observations);
  }

  std::string work() { return work(any_shop(), 0); }

  // Within a hand-over another worker may run, and the lease may be over.
  std::string work(shop& of, int depth) {
    int done = 0;
    const auto answer = [&](const sr::claimed_task& task, sr::task_result result) {
      std::uint64_t& newest = newest_claims_[of.name() + task.out_trade_no];
      newest = std::max(newest, task.fencing_token);
      if (depth == 0 && !calm_ && one_in(3)) {
        if (one_in(2)) all_.clock->advance(std::chrono::seconds(301));
        said_ += "  within it: " + work(of, 1) + '\n';
      }
      if (result == sr::task_result::done && task.fencing_token == newest) ++done;
      return calm_ ? sr::task_result::done : result;
    };
    sr::task_handlers handlers;
    handlers.fulfill = [&](const sr::fulfill_task& task) {
      using result = sr::task_result;
      return answer(task, one_of({result::retry_later, result::give_up, result::done, result::done,
                                  result::done, result::done}));
    };
    handlers.release = [&](const sr::release_task& task) {
      using result = sr::task_result;
      return answer(task, one_of({result::retry_later, result::done, result::done, result::done}));
    };
    sr::fulfillment_worker worker(any_service(of), handlers);
    const auto report = worker.run();
    if (!calm_ && report.fulfilled + report.released > done)
      fault_ = "committed by a worker that had lost its lease";
    counted["fulfilled"] += report.fulfilled;
    counted["released"] += report.released;
    return "work " + of.name() + " " + std::to_string(report.fulfilled) + " " +
           std::to_string(report.released);
  }

  std::string fault_now() {
    for (shop& each : shops_)
      if (fault_.empty()) fault_ = each.fault_now();
    for (const std::string& session : all_.stripe->session_ids())
      for (shop& each : shops_)
        if (each.name() != shop_of(session) && each.owner_of(session))
          fault_ = each.name() + " keeps " + session + " of the other shop";
    return fault_;
  }
  const std::string& shop_of(const std::string& session) {
    std::string& name = shop_of_[session];
    if (name.empty()) name = all_.stripe->session(session)["metadata"].value("shop", "");
    return name;
  }

  // Everything that was put off is done.
  void settle() {
    said_ += "all is calm\n";
    calm_ = true;
    requests_to_fail_ = 0;
    all_.wrong->ahead = 0;
    for (int day = 0; day != 3; ++day) {
      for (shop& of : shops_) {
        if (day == 0)
          for (const auto& each : all_.stripe->webhooks())
            static_cast<void>(of.listener(false).on_webhook(each.body, each.signature));
        sr::reconciler reconciler(of.service(false));
        static_cast<void>(reconciler.run());
        work(of, 0);
      }
      all_.clock->advance(std::chrono::hours(25));
    }
  }

  std::string fault_in_the_end() {
    for (const std::string& session : all_.stripe->session_ids()) {
      const nlohmann::json truth = all_.stripe->session(session);
      if (truth["payment_status"] != "paid" || is_of_no_order(session)) continue;
      for (shop& of : shops_)
        if (of.name() == shop_of(session))
          if (std::string fault = of.fault_of_paid(session); !fault.empty()) return fault;
    }
    for (shop& of : shops_)
      if (std::string fault = of.fault_of_rest(); !fault.empty()) return fault;
    return {};
  }

  // Made in the connected account, or recovered from such a one: no order may name that account.
  bool is_of_no_order(const std::string& session) const {
    if (std::count(of_no_order_.begin(), of_no_order_.end(), session) != 0) return true;
    const nlohmann::json truth = all_.stripe->session(session);
    return truth["recovered_from"].is_string() && is_of_no_order(truth["recovered_from"]);
  }

  std::function<unsteady_store::failure()> failures() {
    return [this] {
      if (calm_ || !one_in(40)) return unsteady_store::failure::none;
      return one_in(2) ? unsteady_store::failure::before : unsteady_store::failure::after;
    };
  }

  std::mt19937_64 random_;
  bool calm_ = false;
  bool clocks_move_ = false;
  std::size_t favorite_ = 0;
  std::size_t requests_to_fail_ = 0;
  order_model::world all_;
  std::array<shop, 2> shops_{{{all_, "tea", failures()}, {all_, "toys", failures()}}};
  std::map<std::string, std::uint64_t> newest_claims_;
  std::map<std::string, std::string> shop_of_;
  std::vector<std::string> of_no_order_;
  std::string fault_;
  std::string said_;
  int beside_ = 0;
};

TEST(OrderModel, KeepsTheLaws) {
  const char* one = std::getenv("STRIPE_RETURN_MODEL_SEED");
  const char* many = std::getenv("STRIPE_RETURN_MODEL_RUNS");
  const int few = sanitized ? 8 : 200;
  std::uint64_t seed = one != nullptr ? std::strtoull(one, nullptr, 10) : std::random_device{}();
  std::map<std::string, int> counted;
  for (int left = one != nullptr ? 1 : many != nullptr ? std::atoi(many) : few; left != 0; --left) {
    model lives(seed);
    const std::string broken = lives.run(80);
    ASSERT_EQ(broken, "") << "STRIPE_RETURN_MODEL_SEED=" << seed;
    for (const auto& [what, count] : lives.counted)
      counted[what] += count;
    ++seed;
  }
  for (const auto& [what, count] : counted)
    std::printf("%s %d\n", what.c_str(), count);
}

} // namespace
