#include "orders/attempts.hpp"
#include "orders/order_token.hpp"
#include "orders/service_state.hpp"
#include "orders/store_stamp.hpp"

#include <stripe_return/client/for_each_item.hpp>
#include <stripe_return/core/decide.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using orders::changed_order;
using orders::checkout_choice;
using orders::checkout_plan;

constexpr std::string_view template_parameter = "{CHECKOUT_SESSION_ID}";

// The longest that a call may take: client_options::deadline is not more.
constexpr unix_seconds longest_call = 10 * 60;
// Stripe's list and our clock may differ about when an attempt began.
constexpr unix_seconds look_back = 24 * 60 * 60;
// Each time somebody else has got on with the same order.
constexpr int most_beginnings = 10;

error pending() {
  return {error_code::checkout_pending, "Another call is creating this order's checkout, or its "
                                        "answer was just lost: try again in a minute."};
}

// Whether Stripe puts the session's id into this parameter of the URL's query.
bool returns_session(std::string_view url, const std::string& parameter) {
  url = url.substr(0, url.find('#'));
  const std::string wanted = std::string(parameter).append("=").append(template_parameter);
  for (std::size_t at = url.find('?'); at != url.npos; at = url.find('&', at + 1))
    if (url.substr(at + 1, url.find('&', at + 1) - at - 1) == wanted) return true;
  return false;
}

// None: one of them is too large, or the lines are in several currencies.
std::optional<money> sum_of(const std::vector<checkout_line_item>& lines) {
  std::int64_t sum = 0;
  for (const checkout_line_item& each : lines) {
    const std::int64_t amount = each.unit_amount.minor_units();
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if (each.quantity < 1 || amount < 0 || amount > (most - sum) / each.quantity ||
        each.unit_amount.currency() != lines.front().unit_amount.currency())
      return std::nullopt;
    sum += amount * each.quantity;
  }
  return money(sum, lines.front().unit_amount.currency());
}

// Whether the lines contradict the order. Discounts, taxes, shipping and further lines are the
// application's, and only Stripe knows what they come to.
bool contradicts(const expected_order& order, const checkout_parameters& page) {
  if (page.line_items.empty() || !page.extra_parameters.empty() ||
      order.amount_rule == amount_rule::unchecked ||
      order.amount_rule == amount_rule::total_at_least)
    return false;
  const std::optional<money> sum = sum_of(page.line_items);
  return !sum || std::find(order.amounts.begin(), order.amounts.end(), *sum) == order.amounts.end();
}

bool has_recovery(const checkout_parameters& page) {
  return std::any_of(
      page.extra_parameters.begin(), page.extra_parameters.end(), [](const auto& each) {
        return each.first == "after_expiration[recovery][enabled]" && each.second != "false";
      });
}

// Stripe has said no, or was never asked: there is no session of this attempt.
bool is_definite(const error& failure) {
  return !failure.retryable() && failure.code != error_code::wrong_session &&
         (failure.http_status == 0 || (failure.http_status >= 400 && failure.http_status < 500));
}

} // namespace

result<order_record> order_service::impl::expect(const expected_order& order,
                                                 const expect_options& how) {
  if (const auto usable = ready(); !usable) return usable.error();
  if (!orders::is_order_number(order.out_trade_no)) return orders::not_an_order_number();
  if (const auto usable = check(order); !usable) return usable.error();
  std::vector<order_record> named; // payments of its sessions that came before
  for (const std::string& each : order.session_ids) {
    result<std::optional<order_record>> unmatched = repository.find(unmatched_key(each));
    if (!unmatched) return std::move(unmatched).error();
    if (*unmatched) named.push_back(**std::move(unmatched));
  }
  bool other_terms = false;
  result<changed_order> kept = repository.change_or_add(
      order_key(order.out_trade_no),
      [&] { return orders::expect(order, how.pay_until, "application", now(), named); },
      [&](const order_record& known) {
        other_terms = !orders::same_terms(known.expectations.back(), order);
        return other_terms ? std::optional<orders::step>()
                           : orders::add_sessions(known, order.session_ids, now(), named);
      },
      how.with);
  if (!kept) return std::move(kept).error();
  if (other_terms)
    return orders::invalid(
        "The order is known with other terms: use reprice(), or another number.");
  if (kept->put == put_result::id_taken)
    return orders::invalid("One of session_ids belongs to another order: look it up with find().");
  if (kept->put == put_result::refused)
    return error{error_code::canceled,
                 "The application's own writes refused the order: nothing was kept."};
  for (const order_record& each : named) {
    result<std::optional<order_record>> taken = take(each, order.out_trade_no, {"application", {}});
    if (!taken) return std::move(taken).error();
    if (*taken) kept->order = **std::move(taken);
  }
  if (kept->order.stage != order_stage::open) return std::move(kept->order);
  // Whoever kept the order may have failed before this.
  result<std::optional<order_record>> taken = take_unmatched(order.out_trade_no);
  if (!taken) return std::move(taken).error();
  return *taken ? **std::move(taken) : std::move(kept->order);
}

// The order as it has taken the payment, which is no longer unmatched. None: it cannot take it.
result<std::optional<order_record>> order_service::impl::take(const order_record& unmatched,
                                                              const std::string& number,
                                                              const orders::source& by) {
  result<std::optional<changed_order>> taken =
      repository.change(order_key(number), [&](const order_record& order) {
        return orders::take_unmatched(order, unmatched, by, now());
      });
  if (!taken) return std::move(taken).error();
  if (!*taken || (*taken)->put == put_result::id_taken) return std::optional<order_record>();
  if (const auto ended = end_matched(unmatched, number); !ended) return ended.error();
  return std::optional<order_record>(std::move((*taken)->order));
}

// Payments that came before the order was expected. None: there are none.
result<std::optional<order_record>>
order_service::impl::take_unmatched(const std::string& out_trade_no) {
  std::optional<order_record> order;
  row_query rows;
  rows.list = order_list::review; // in which each of them is, and few others
  rows.stage = to_string(order_stage::unmatched);
  rows.waits_for = to_string(waits_for::expectation);
  while (true) {
    const result<std::vector<order_row>> read = repository.store().list(rows);
    if (!read) return read.error();
    for (const order_row& each : *read) {
      rows.after = list_position{each.index.time(rows.list).value_or(0), each.key};
      const result<order_record> unmatched = parse_order_row(each);
      if (!unmatched || unmatched->sessions.empty()) continue;
      const observation seen = observation_of(unmatched->sessions.front().facts, options.naming);
      if (order_number_of(seen.session, options.naming) != out_trade_no) continue;
      result<std::optional<order_record>> taken =
          take(*unmatched, out_trade_no, {"application", {}});
      if (!taken) return taken;
      if (*taken) order = *std::move(taken);
    }
    if (read->size() == rows.limit) continue;
    if (rows.list == order_list::to_give_back) return order;
    rows.list = order_list::to_give_back; // what a person has rejected
    rows.waits_for = to_string(waits_for::refund);
    rows.after.reset();
  }
}

result<checkout> order_service::open_checkout(const expected_order& order,
                                              const checkout_parameters& page,
                                              const expect_options& options) {
  checkout_parameters parameters = page;
  const bool returns = page.redirect != completion_redirect::never;
  std::string& url = parameters.return_url.empty() ? parameters.success_url : parameters.return_url;
  if (returns && !returns_session(url, impl_->options.query_parameter))
    return error{error_code::invalid_option,
                 "The parameter success_url (hosted page) or return_url (all others) must have " +
                     impl_->options.query_parameter + "={CHECKOUT_SESSION_ID} in its query."};
  if (contradicts(order, page))
    return orders::invalid(
        "The line items of the page do not add up to the order's amount: make them equal.");
  if (options.pay_until && has_recovery(page))
    return orders::invalid("Recovery and pay_until contradict each other: drop one of them.");
  result<order_record> kept = impl_->expect(order, options);
  if (!kept) return std::move(kept).error();
  const result<std::string> store = orders::store_id(impl_->repository.store());
  if (!store) return store.error();
  if (const auto token = make_order_token(impl_->options.order_token_key, order.out_trade_no);
      token && returns)
    url = with_parameter(url, order_token_parameter, *token);
  parameters.out_trade_no = order.out_trade_no;
  parameters.mode = order.mode;
  parameters.naming = impl_->options.naming;
  parameters.store_id = *store;

  order_record now_kept = *std::move(kept);
  for (int i = 0; i != most_beginnings; ++i) {
    const std::string hoped_for = plan_checkout(now_kept, impl_->now()).session_id;
    result<impl::refreshed> read =
        impl_->refresh(std::move(now_kept), "application", call_priority::known, false, hoped_for);
    if (!read) return std::move(read).error();
    now_kept = std::move(read->order);
    const orders::circumstances at = read->newest ? impl_->now(*read->newest) : impl_->now();
    const checkout_plan plan = plan_checkout(now_kept, at);
    checkout opened;
    opened.view = view_of(now_kept, at);
    switch (plan.choice) {
    case checkout_choice::none: return opened;
    case checkout_choice::ask:
      if (read->failure) return *std::move(read->failure);
      return opened;
    case checkout_choice::reuse:
    case checkout_choice::recover:
      if (read->failure) return *std::move(read->failure);
      if (!read->newest || read->newest->session.id != plan.session_id) break; // look once more
      opened.session_id = plan.session_id;
      if (plan.choice == checkout_choice::recover && read->newest->session.recovery)
        opened.url = read->newest->session.recovery->url;
      else
        opened.url = read->newest->session.url;
      opened.client_secret = read->newest->session.client_secret;
      return opened;
    case checkout_choice::wait: return pending();
    case checkout_choice::look:
      if (const auto looked = impl_->look_for_lost(now_kept); !looked) return looked.error();
      break;
    case checkout_choice::begin: {
      result<checkout> begun = impl_->begin_checkout(now_kept, parameters);
      if (!begun || !begun->session_id.empty()) return begun;
      break; // somebody else has begun one
    }
    }
    result<std::optional<order_record>> again =
        impl_->repository.find(order_key(order.out_trade_no));
    if (!again) return std::move(again).error();
    if (!*again) return orders::order_not_found();
    now_kept = **std::move(again);
  }
  return pending();
}

// Without a session id: somebody else was faster, or nobody should pay any more.
result<checkout> order_service::impl::begin_checkout(const order_record& order,
                                                     checkout_parameters parameters) {
  const std::string key = order_key(order.out_trade_no);
  const result<std::optional<changed_order>> begun =
      repository.change(key, [&](const order_record& known) -> std::optional<orders::step> {
        const orders::circumstances at = now();
        if (plan_checkout(known, at).choice != checkout_choice::begin) return std::nullopt;
        return begin_attempt(known, at.now + longest_call, at);
      });
  if (!begun) return begun.error();
  if (!*begun || !(*begun)->changed) return checkout{};
  const checkout_attempt attempt = (*begun)->order.attempts.back();
  parameters.attempt = attempt.number;
  parameters.attempt_started = attempt.started_at;
  call_options how;
  how.account = account_of((*begun)->order);
  const result<observation> made = stripe.create(parameters, how);
  if (!made) {
    note_refusal(made.error());
    const auto over = repository.change(key, [&](const order_record& known) {
      return std::optional<orders::step>(is_definite(made.error())
                                             ? give_up_attempt(known, attempt.number, now())
                                             : end_call(known, attempt.number, now()));
    });
    if (!over) return over.error();
    return made.error();
  }
  const auto issued = repository.change(key, [&](const order_record& known) {
    return std::optional<orders::step>(issue_session(known, attempt.number, *made, now()));
  });
  if (!issued) return issued.error();
  if (!*issued) return orders::order_not_found();
  const order_record& kept = (*issued)->order;
  // Stripe's own first word contradicts what was asked for: nobody is sent there.
  const std::vector<orders::session_conclusion> found = conclude(kept, now());
  for (std::size_t i = 0; i != found.size(); ++i) {
    if (kept.sessions[i].facts.id != made->session.id || found[i].disagreements.empty()) continue;
    if (const auto id = session_id::parse(made->session.id)) expire(*id, how.account);
    const auto read = refresh(kept, "application", call_priority::known, true);
    if (!read) return read.error();
    return error{error_code::wrong_session,
                 "Stripe created a session that does not match the order, and it was expired: "
                 "compare the page with the order."};
  }
  checkout opened;
  opened.view = view_of(kept, now(*made));
  if (opened.view.pay_again != pay_again::yes) return checkout{};
  opened.session_id = made->session.id;
  opened.url = made->session.url;
  opened.client_secret = made->session.client_secret;
  return opened;
}

// The session of an attempt whose answer was lost: it is in Stripe's list, or there is none.
result<void> order_service::impl::look_for_lost(const order_record& order) {
  const checkout_attempt* lost = orders::open_attempt(order);
  if (lost == nullptr) return {};
  const std::string key = order_key(order.out_trade_no);
  const std::string number = std::to_string(lost->number);
  list_options how;
  how.account = account_of(order);
  how.created_since = lost->started_at - look_back;
  std::optional<observation> found;
  const unix_seconds asked_at = time.unix_time();
  const result<void> listed = for_each_item(
      how, [&](const list_options& page) { return stripe.sessions_since(page); },
      [&](const checkout_session& each) {
        if (order_number_of(each, options.naming) != order.out_trade_no ||
            each.metadata.get(options.naming.attempt_key) != number)
          return true;
        observation seen;
        seen.session = each;
        seen.time = asked_at;
        seen.source = observation_source::listed;
        if (decide_unchecked(seen, options.naming).state() == order_state::foreign) return true;
        found = std::move(seen);
        return false;
      });
  if (!listed) {
    note_refusal(listed.error());
    return listed.error();
  }
  const auto done = repository.change(key, [&](const order_record& known) {
    return std::optional<orders::step>(found ? issue_session(known, lost->number, *found, now())
                                             : give_up_attempt(known, lost->number, now()));
  });
  if (!done) return done.error();
  return {};
}

} // namespace v0
} // namespace stripe_return
