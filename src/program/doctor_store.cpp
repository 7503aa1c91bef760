#include "program/connection.hpp"
#include "program/doctor_report.hpp"
#include "program/kept_orders.hpp"
#include "program/utc_time.hpp"

#include <stripe_return/core/decide.hpp>

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace program {
namespace {

// What waits longer than that is forgotten.
constexpr sr::unix_seconds patience = 3600;

// Says what is wrong, and else what is right.
void tell(doctor_report& report, const char* name, const std::vector<std::string>& wrong,
          const std::string& right) {
  if (wrong.empty()) return report.ok(name, right);
  std::string all;
  for (const std::string& each : wrong)
    all.append(all.empty() ? "" : "; ").append(each);
  report.warn(name, all);
}

std::string count_of(const char* what, std::size_t count) {
  return std::string(what) + ": " + std::to_string(count);
}

// Of all orders that wait for somebody or something.
struct waiting_orders {
  std::size_t unreadable = 0;
  std::size_t for_a_worker = 0; // for longer than that
};

sr::result<waiting_orders> count_waiting(const sr::order_service& orders, sr::unix_seconds now) {
  waiting_orders counted;
  sr::order_query query;
  query.waiting_before = (std::numeric_limits<sr::unix_seconds>::max)();
  query.limit = 1000;
  do {
    const sr::result<sr::order_page> page = orders.list(query);
    if (!page) return page.error();
    counted.unreadable += page->unreadable.size();
    for (const sr::order_record& each : page->orders)
      if (each.waits_for == sr::waits_for::worker && each.waits_since < now - patience)
        ++counted.for_a_worker;
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  return counted;
}

// Paid sessions that name another shop: perhaps the name is mistyped. Stripe's newest page of them
// is enough to see that.
void look_for_foreign(const sr::session_client& stripe, const sr::order_naming& naming,
                      sr::unix_seconds now, std::vector<std::string>& wrong) {
  if (naming.shop.empty()) return;
  sr::list_options of_a_day;
  of_a_day.created_since = now - 24 * 3600;
  const sr::result<sr::session_page> page = stripe.sessions_since(of_a_day);
  if (!page) return; // sessions_read has told
  std::size_t foreign = 0;
  std::string newest;
  for (const sr::checkout_session& each : page->data) {
    sr::observation seen;
    seen.session = each;
    seen.time = now;
    const bool is_paid = each.payment_status == sr::session_payment_status::paid;
    if (!is_paid || decide_unchecked(seen, naming).state() != sr::order_state::foreign) continue;
    if (foreign++ == 0) newest = each.id;
  }
  if (foreign != 0)
    wrong.push_back(count_of("paid sessions of the last day that name another shop", foreign) +
                    ", the newest " + newest + ": is --shop right?");
}

void check_reconciler(doctor_report& report, const kept_orders& orders,
                      const sr::order_naming& naming, const sr::order_stats& stats,
                      sr::unix_seconds now) {
  std::vector<std::string> wrong;
  const std::string last =
      stats.last_reconciled ? "last complete at " + utc_time(*stats.last_reconciled) : "";
  if (!stats.last_reconciled)
    wrong.emplace_back("never complete: run the reconciler every few minutes");
  else if (now - *stats.last_reconciled > patience)
    wrong.push_back(last + ": run the reconciler every few minutes");
  if (stats.polls.oldest && now - *stats.polls.oldest > patience)
    wrong.push_back(count_of("orders that Stripe should have been asked about", stats.polls.count) +
                    ", the first at " + utc_time(*stats.polls.oldest));
  look_for_foreign(orders.stripe, naming, now, wrong);
  tell(report, "reconciler", wrong, last);
}

} // namespace

void check_store(doctor_report& report, const doctor_arguments& arguments,
                 const environment& environment) {
  const auto cannot = [&](const sr::error& failure) {
    if (failure.code == sr::error_code::wrong_store) // a new shop's
      report.warn("store", in_one_line(failure));
    else
      report.fail("store", in_one_line(failure));
    report.warn("reconciler", "not known");
  };
  const auto opened =
      open_orders(arguments.store, arguments.naming, arguments.connection, environment);
  if (!opened) return cannot(opened.error());
  const kept_orders& orders = **opened;
  const sr::unix_seconds now = orders.stripe.time().unix_time();
  const sr::result<sr::order_stats> stats = orders.service.stats();
  if (!stats) return cannot(stats.error());
  const sr::result<waiting_orders> waiting = count_waiting(orders.service, now);
  if (!waiting) return cannot(waiting.error());

  const std::string of_mode = std::string(to_string(*stats->livemode)) + " mode, " +
                              count_of("orders that wait", stats->waiting.count);
  const sr::result<sr::livemode> key_mode = orders.stripe.key_mode();
  std::vector<std::string> wrong;
  if (waiting->unreadable != 0)
    wrong.push_back(count_of("rows that cannot be read (see `list`)", waiting->unreadable));
  if (waiting->for_a_worker != 0)
    wrong.push_back(
        count_of("orders that have waited for a worker for an hour", waiting->for_a_worker));
  if (key_mode && *key_mode != *stats->livemode)
    report.fail("store", of_mode + "; but the key is of the other mode");
  else
    tell(report, "store", wrong, of_mode);
  check_reconciler(report, orders, arguments.naming, *stats, now);
}

} // namespace program
