#include "fulfillment/desk.hpp"
#include "fulfillment/order_token.hpp"
#include "fulfillment/order_view.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr std::string_view template_parameter = "{CHECKOUT_SESSION_ID}";

// The sessions issued are the library's to add to.
bool same_expectation(const expected_order& a, const expected_order& b) {
  return a.amounts == b.amounts && a.amount_rule == b.amount_rule && a.mode == b.mode &&
         a.livemode == b.livemode && a.account == b.account;
}

// Each time another host has got on with the same order.
constexpr int most_beginnings = 10;

const session_record* open_session(const order_record& order) {
  const auto open =
      std::find_if(order.sessions.rbegin(), order.sessions.rend(), [](const session_record& each) {
        return each.state == order_state::awaiting_payment;
      });
  return open == order.sessions.rend() ? nullptr : &*open;
}

bool spends_the_attempt(error_code code) noexcept {
  return code == error_code::idempotency_mismatch || code == error_code::replayed_failure;
}

opened_checkout checkout_of(const order_record& order, checkout_session session) {
  return {view_of(order), std::move(session.id), std::move(session.url),
          std::move(session.client_secret)};
}

// Whether money has come or may come by what the customer did already.
bool must_not_pay(const order_record& order) {
  return view_of(order).pay_again != pay_again::yes;
}

} // namespace

result<changed_order> fulfillment::desk::expect_as(const expected_order& order) {
  if (std::optional<error> wrong = wrong_option()) return *std::move(wrong);
  if (!is_order_number(order.out_trade_no) || !is_utf8(order.out_trade_no))
    return not_an_order_number();
  if (const auto usable = check(order); !usable) return usable.error();
  result<changed_order> changed =
      book_.change_or_add(order.out_trade_no, [&](const order_record& known) {
        return stripe_return::expect(known, order, clock_->unix_time());
      });
  if (changed && changed->record.expected && !same_expectation(*changed->record.expected, order)) {
    return error{error_code::invalid_option,
                 "The order is known with another expectation: use another order number."};
  }
  return changed;
}

result<customer_view> fulfillment::desk::expect(const expected_order& order) {
  result<changed_order> changed = expect_as(order);
  if (!changed) return std::move(changed).error();
  return view_of(changed->record);
}

result<opened_checkout> fulfillment::desk::open_checkout(const expected_order& order,
                                                         checkout_parameters parameters) {
  if (std::optional<error> wrong = add_order_token(parameters, order.out_trade_no))
    return *std::move(wrong);
  if (parameters.lifetime) {
    return error{error_code::invalid_option,
                 "The parameter lifetime must be left out: an attempt may be begun again later."};
  }
  result<changed_order> known = expect_as(order);
  if (!known) return std::move(known).error();
  parameters.out_trade_no = order.out_trade_no;
  parameters.mode = order.mode;
  parameters.naming = options_.query.naming;

  order_record looked_at = std::move(known->record);
  last_attempt last = last_attempt::again;
  for (int i = 0; i != most_beginnings; ++i) {
    result<order_record> now = look_at_open_sessions(std::move(looked_at), "host");
    if (!now) return std::move(now).error();
    if (now->stage != order_stage::awaiting || must_not_pay(*now)) return checkout_of(*now, {});
    if (const session_record* open = open_session(*now)) return resume(*now, open->id);

    result<begun_checkout> begun = begin_checkout(order, parameters, last);
    if (begun && begun->opened) return *std::move(begun->opened);
    if (!begun && !spends_the_attempt(begun.error().code)) return std::move(begun).error();
    if (begun) {
      looked_at = std::move(begun->order); // somebody else has begun one, or heard of a payment
    } else {
      last = last_attempt::spent;
      looked_at = *std::move(now);
    }
  }
  return error{error_code::store_unavailable,
               "Too many begin a checkout for the order at once: try again."};
}

// A customer who comes back to an open checkout goes on in it: two of them could both be paid.
result<opened_checkout> fulfillment::desk::resume(const order_record& order,
                                                  const std::string& id) {
  const result<session_id> parsed = session_id::parse(id);
  if (!parsed) return parsed.error();
  result<observation> fetched = ask(*parsed, order.expected->account);
  if (!fetched) return std::move(fetched).error();
  result<std::optional<changed_order>> heard = book_.hear(*fetched, "host", fetched->time);
  if (!heard) return std::move(heard).error();
  return checkout_of(*heard ? (*heard)->record : order, std::move(fetched->session));
}

result<fulfillment::desk::begun_checkout>
fulfillment::desk::begin_checkout(const expected_order& expected, checkout_parameters parameters,
                                  last_attempt last) {
  const std::string& out_trade_no = parameters.out_trade_no;
  int attempts_so_far = 0;
  result<std::optional<changed_order>> begun =
      book_.change(out_trade_no, [&](const order_record& order) {
        attempts_so_far = order.attempts;
        return begin_attempt(order, clock_->unix_time(), last);
      });
  if (!begun) return std::move(begun).error();
  if (!*begun) return order_not_found();
  if (!(*begun)->changed) return begun_checkout{std::nullopt, std::move((*begun)->record)};
  parameters.attempt = (*begun)->record.attempts;

  call_options options;
  options.account = expected.account;
  result<observation> made = stripe_.create(parameters, options);
  if (!made) {
    note_refusal(made.error());
    return std::move(made).error();
  }
  result<std::optional<changed_order>> attached =
      book_.change(out_trade_no, [&](const order_record& order) {
        return attach(order, parameters.attempt, made->session.id, clock_->unix_time());
      });
  if (!attached) return std::move(attached).error();
  if (!*attached) return order_not_found();
  order_record& order = (*attached)->record;
  if (parameters.attempt != attempts_so_far)
    return begun_checkout{checkout_of(order, std::move(made->session)), {}};
  // What Stripe answers to an attempt made again is the session as it was at first.
  result<opened_checkout> resumed = resume(order, made->session.id);
  if (!resumed) return std::move(resumed).error();
  return begun_checkout{*std::move(resumed), {}};
}

result<order_record> fulfillment::desk::look_at_open_sessions(order_record order, const char* who) {
  if (!order.expected) return order;
  const std::vector<session_record> sessions = order.sessions;
  for (const session_record& each : sessions) {
    if (!is_worth_asking(each)) continue;
    const result<session_id> id = session_id::parse(each.id);
    if (!id) continue; // the host gave it in an expectation
    const result<observation> fetched = ask(*id, order.expected->account);
    if (!fetched) return fetched.error();
    result<std::optional<changed_order>> heard = book_.hear(*fetched, who, fetched->time);
    if (!heard) return std::move(heard).error();
    if (*heard && (*heard)->record.out_trade_no == order.out_trade_no)
      order = (**std::move(heard)).record;
  }
  return order;
}

std::optional<error> fulfillment::desk::add_order_token(checkout_parameters& parameters,
                                                        const std::string& out_trade_no) const {
  std::string& url = parameters.return_url.empty() ? parameters.success_url : parameters.return_url;
  if (url.find(template_parameter) == std::string::npos) {
    return error{error_code::invalid_option,
                 "success_url (hosted) or return_url (embedded) must say "
                 "session_id={CHECKOUT_SESSION_ID} in its query."};
  }
  if (const auto token = make_order_token(options_.token_key, out_trade_no))
    url = with_parameter(url, order_token_parameter, *token);
  return std::nullopt;
}

result<closing> fulfillment::desk::close_order(std::string_view out_trade_no) {
  result<std::optional<order_record>> found = store_.find(out_trade_no);
  if (!found) return std::move(found).error();
  if (!*found) return order_not_found();
  const std::vector<session_record> sessions = (*found)->sessions;
  for (const session_record& each : sessions) {
    const result<session_id> id = session_id::parse(each.id);
    if (!id || !is_worth_asking(each)) continue;
    // A refusal says that it is not open any more, or that this cannot be known: asking tells.
    call_options options;
    if ((*found)->expected) options.account = (*found)->expected->account;
    const auto expired = stripe_.expire(*id, options);
    if (!expired) note_refusal(expired.error());
  }
  const result<order_record> looked_at = look_at_open_sessions(**std::move(found), "host");
  if (!looked_at)
    return looked_at.error().code == error_code::store_unavailable
               ? result<closing>(looked_at.error())
               : closing::unknown;
  result<std::optional<changed_order>> changed =
      book_.change(out_trade_no, [&](const order_record& order) {
        return stripe_return::close(order, clock_->unix_time());
      });
  if (!changed) return std::move(changed).error();
  return *changed && (*changed)->record.stage == order_stage::closed ? closing::closed
                                                                     : closing::not_yet;
}

} // namespace v0
} // namespace stripe_return
