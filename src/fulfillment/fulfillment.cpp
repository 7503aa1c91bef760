#include "fulfillment/desk.hpp"
#include "fulfillment/order_token.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {

int http_answer(const result<return_answer>& answer) noexcept {
  if (answer) return 200;
  return http_answer(result<order_outcome>(answer.error()));
}

fulfillment::desk::desk(const session_client& stripe, fulfillment_store& store,
                        host_function fulfil, fulfillment_options options,
                        std::shared_ptr<time_source> clock)
    : stripe_(stripe), store_(store), fulfil_(std::move(fulfil)), options_(std::move(options)),
      clock_(clock ? std::move(clock) : std::make_shared<system_time>()),
      book_(store, options_.query.naming) {}

std::optional<error> fulfillment::desk::wrong_option() const {
  if (options_.lease < std::chrono::seconds(1) || options_.lease > std::chrono::hours(24))
    return error{error_code::invalid_option, "The option lease is not within 1 s and 1 day."};
  if (!(options_.requests_per_second >= 0.01))
    return error{error_code::invalid_option, "The option requests_per_second is less than 0.01."};
  if (!options_.token_key.empty() && options_.token_key.reveal().size() < 32)
    return error{error_code::invalid_option, "The option token_key has less than 32 bytes."};
  if (const auto usable = check(options_.query.naming); !usable) return usable.error();
  return std::nullopt;
}

void fulfillment::desk::note_refusal(const error& failure) noexcept {
  if (failure.code == error_code::unauthorized || failure.code == error_code::permission_denied)
    ++refused_;
}

result<bool> fulfillment::desk::resolve(std::string_view out_trade_no, review_verdict verdict,
                                        std::string_view who, std::string_view note) {
  result<std::optional<changed_order>> changed =
      book_.change(out_trade_no, [&](const order_record& order) {
        return stripe_return::resolve(order, verdict, std::string(who), std::string(note),
                                      clock_->unix_time());
      });
  if (!changed) return std::move(changed).error();
  if (!*changed) return order_not_found();
  return (*changed)->changed;
}

result<bool> fulfillment::desk::import_fulfilled(std::string_view out_trade_no,
                                                 std::string_view session_id) {
  if (!is_order_number(out_trade_no) || !is_utf8(out_trade_no)) return not_an_order_number();
  result<changed_order> changed = book_.change_or_add(out_trade_no, [&](const order_record& order) {
    return stripe_return::import_fulfilled(order, std::string(session_id), clock_->unix_time());
  });
  if (!changed) return std::move(changed).error();
  return changed->changed;
}

result<fulfillment_standing> fulfillment::desk::standing() {
  result<store_standing> kept = store_.standing(clock_->unix_time());
  if (!kept) return std::move(kept).error();
  fulfillment_standing standing;
  standing.store = *kept;
  if (const unix_seconds last = last_webhook_; last != 0) standing.last_webhook = last;
  standing.refused_by_stripe = refused_;
  return standing;
}

std::optional<std::string> fulfillment::desk::order_of_token(std::string_view order_token) const {
  return read_order_token(options_.token_key, order_token);
}

fulfillment::fulfillment(const session_client& stripe, fulfillment_store& store,
                         fulfil_function fulfil, fulfillment_options options,
                         std::shared_ptr<time_source> clock)
    : desk_(std::make_unique<desk>(stripe, store, std::move(fulfil), std::move(options),
                                   std::move(clock))) {}

fulfillment::fulfillment(const session_client& stripe, fulfillment_store& store,
                         fulfil_in_transaction fulfil, fulfillment_options options,
                         std::shared_ptr<time_source> clock)
    : desk_(std::make_unique<desk>(stripe, store, std::move(fulfil), std::move(options),
                                   std::move(clock))) {}

fulfillment::~fulfillment() = default;

result<opened_checkout> fulfillment::open_checkout(const expected_order& order,
                                                   checkout_parameters parameters) {
  return desk_->open_checkout(order, std::move(parameters));
}

result<customer_view> fulfillment::expect(const expected_order& order) {
  return desk_->expect(order);
}

result<return_answer> fulfillment::on_return(std::string_view query, std::string_view order_ref) {
  result<desk::expected_return> returned = desk_->begin_return(query, order_ref);
  if (!returned) return std::move(returned).error();
  if (returned->answer) return *std::move(returned->answer);
  const result<observation> fetched = desk_->ask(returned->id, returned->account);
  if (!fetched) return fetched.error();
  return desk_->end_return(*returned, *fetched);
}

webhook_answer fulfillment::on_webhook(std::string_view raw_body,
                                       std::string_view signature_header) {
  return desk_->on_webhook(raw_body, signature_header);
}

result<std::optional<customer_view>> fulfillment::view(std::string_view out_trade_no) {
  return desk_->view(out_trade_no);
}

result<customer_view> fulfillment::ask_stripe(std::string_view out_trade_no, std::string_view who) {
  return desk_->ask_stripe(out_trade_no, who);
}

std::optional<std::string> fulfillment::order_of_token(std::string_view order_token) const {
  return desk_->order_of_token(order_token);
}

run_report fulfillment::run_due(run_budget budget) {
  return desk_->run_due(budget);
}

run_report fulfillment::run_order(std::string_view out_trade_no) {
  return desk_->run_order(out_trade_no);
}

sweep_report fulfillment::sweep(sweep_budget budget) {
  return desk_->sweep(budget);
}

result<closing> fulfillment::close_order(std::string_view out_trade_no) {
  return desk_->close_order(out_trade_no);
}

result<bool> fulfillment::resolve(std::string_view out_trade_no, review_verdict verdict,
                                  std::string_view who, std::string_view note) {
  return desk_->resolve(out_trade_no, verdict, who, note);
}

result<bool> fulfillment::import_fulfilled(std::string_view out_trade_no,
                                           std::string_view session_id) {
  return desk_->import_fulfilled(out_trade_no, session_id);
}

sweep_report fulfillment::adopt_since(unix_seconds created, sweep_budget budget) {
  return desk_->adopt_since(created, budget);
}

result<fulfillment_standing> fulfillment::standing() {
  return desk_->standing();
}

} // namespace v0
} // namespace stripe_return
