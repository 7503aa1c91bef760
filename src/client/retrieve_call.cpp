#include "client/retrieve_call.hpp"

#include "client/reply.hpp"
#include "client/session_answer.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace stripe_return {
inline namespace v0 {

double chance() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>()(generator);
}

result<retrieve_call> retrieve_call::make(api_access& access, const session_id& id,
                                          const retrieve_options& wanted, time_point now,
                                          time_point deadline) {
  result<authorized_call> call = access.authorize(id, wanted.account);
  if (!call) return std::move(call).error();
  retrieve_call made(access, id, *std::move(call), wanted, deadline);
  made.payment_intent_permitted_ = access.may_expand_payment_intent(now);
  made.start_exchange(std::move(made.call_.request));
  return made;
}

retrieve_call::retrieve_call(api_access& access, const session_id& id, authorized_call call,
                             const retrieve_options& wanted, time_point deadline)
    : access_(&access), id_(id), call_(std::move(call)), line_items_(wanted.line_items),
      latest_charge_(wanted.latest_charge), deadline_(deadline) {}

void retrieve_call::start_exchange(http_request&& request) {
  request.url.resize(std::min(request.url.find('?'), request.url.size()));
  char separator = '?';
  const auto expand = [&](const char* field) {
    request.url.append(1, std::exchange(separator, '&')).append("expand%5B%5D=").append(field);
  };
  if (line_items_) expand("line_items");
  if (payment_intent_permitted_) {
    expand(latest_charge_ ? "payment_intent.latest_charge" : "payment_intent");
  }
  const client_options& options = access_->options();
  exchange_.emplace(std::move(request), options.retry, deadline_, options.attempt_timeout,
                    options.connect_timeout);
}

retrieve_call::step retrieve_call::attempted(result<http_response> answer, time_point now) {
  const step next = exchange_->attempted(std::move(answer), now, chance());
  if (next != step::finish || !exchange_->answer()) return next;
  const int status = exchange_->answer()->status;
  if (status == 403 && payment_intent_permitted_) {
    // Stripe refuses the whole request where the key may not read what is to be expanded.
    payment_intent_permitted_ = false;
    refused_payment_intent_ = true;
    start_exchange(exchange_->take_request());
    return exchange_->begin(now);
  }
  // The charge alone may have been too much.
  if (status == 200 && refused_payment_intent_ && !latest_charge_)
    access_->forbid_payment_intent(call_, now);
  return next;
}

std::optional<error> retrieve_call::failure() {
  if (!exchange_->answered()) return std::nullopt;
  const result<http_response>& answer = exchange_->answer();
  if (!answer) return answer.error();
  if (answer->status != 200) return refusal(*answer);
  return std::nullopt;
}

void retrieve_call::set_deadline(time_point deadline) noexcept {
  deadline_ = deadline;
  exchange_->set_deadline(deadline);
}

result<observation> retrieve_call::take(unix_seconds host_time) {
  std::optional<error> failed = failure();
  result<observation> fetched =
      failed ? *std::move(failed) : read_session(*exchange_->answer(), call_, id_.str(), host_time);
  if (fetched) fetched->payment_intent_permitted = payment_intent_permitted_;
  return fetched;
}

} // namespace v0
} // namespace stripe_return
