// Headers: https://docs.stripe.com/api/request_ids,
// https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/rate-limits

#include "fake_stripe/api_service.hpp"

#include "fake_stripe/api_error.hpp"
#include "fake_stripe/api_key.hpp"

#include <stripe_return/client/client_options.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

bool is_version(const std::string& version) {
  constexpr std::string_view form = "dddd-dd-dd";
  if (version.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool is_digit = version[i] >= '0' && version[i] <= '9';
    if (form[i] == 'd' ? !is_digit : version[i] != form[i]) return false;
  }
  const std::string train = version.substr(form.size());
  return train.empty() ||
         (train.size() > 1 && train[0] == '.' &&
          std::all_of(train.begin() + 1, train.end(), [](char c) { return c >= 'a' && c <= 'z'; }));
}

reply error_reply(const api_error& error) {
  reply made = json_reply(error.body(), error.status);
  if (error.status == 401) made.headers = {{"WWW-Authenticate", "Bearer realm=\"Stripe\""}};
  return made;
}

// Lets a lock go as long as it exists.
class unlocked {
public:
  explicit unlocked(std::unique_lock<std::mutex>& lock) : lock_(lock) { lock_.unlock(); }
  ~unlocked() { lock_.lock(); }
  unlocked(const unlocked&) = delete;
  unlocked& operator=(const unlocked&) = delete;

private:
  std::unique_lock<std::mutex>& lock_;
};

std::variant<parameters, api_error> read_unlocked(const request& request,
                                                  std::unique_lock<std::mutex>& lock) {
  const unlocked others_go_on(lock);
  try {
    return read_parameters(request);
  } catch (const api_error& error) {
    return error;
  }
}

bool is_idempotent(const request& request) {
  return request.method == "POST" && !request.idempotency_key.empty();
}

} // namespace

api_service::api_service(server_state& state)
    : state_(state), api_(state.stripe, [&state](const std::string& event_id) {
        return state.deliveries.pending(event_id);
      }) {}

reply api_service::answer(const request& request, std::unique_lock<std::mutex>& lock) {
  // Before the request is seen: one that is in the log has its fault, and its idempotency key is in
  // flight.
  const std::variant<parameters, api_error> given = read_unlocked(request, lock);
  state_.requests.add(request);
  state_.changed.notify_all();
  reply answer;
  const std::optional<fault> planned = state_.faults.take(request);
  const std::string request_id = state_.stripe.ids().request();
  try {
    authenticate(request.authorization, state_.expected_key);
    if (!request.stripe_version.empty() && !is_version(request.stripe_version)) {
      throw invalid_request("Invalid Stripe API version: " + request.stripe_version);
    }
    answer = execute(request, given, request_id, planned, lock);
  } catch (const api_error& error) {
    answer = error_reply(error);
  }
  if (answer.status != 401) answer.headers.emplace_back("Request-Id", request_id);
  answer.headers.emplace_back("Stripe-Version", request.stripe_version.empty()
                                                    ? std::string(stripe_api_version)
                                                    : request.stripe_version);
  answer.headers.emplace_back("Cache-Control", "no-cache, no-store");
  if (planned) end_badly(*planned, answer);
  return answer;
}

reply api_service::execute(const request& request, const std::variant<parameters, api_error>& given,
                           const std::string& request_id, const std::optional<fault>& planned,
                           std::unique_lock<std::mutex>& lock) {
  std::optional<reply> saved;
  if (is_idempotent(request)) saved = state_.answers.begin(request, state_.clock.now());
  if (planned) wait_out(*planned, lock);

  reply answer;
  bool save = true;
  try {
    if (planned && planned->kind == fault_kind::status) throw planned->error();
    if (saved) {
      saved->headers.emplace_back("Idempotent-Replayed", "true");
      return *saved;
    }
    if (const auto* wrong = std::get_if<api_error>(&given)) throw *wrong;
    state_.stripe.pass_time(state_.clock.now());
    const cause why{state_.clock.now(), request_id, request.idempotency_key};
    answer = json_reply(api_.answer(request, std::get<parameters>(given), why));
  } catch (const api_error& error) {
    answer = error_reply(error);
    save = error.endpoint_began;
  }
  if (!is_idempotent(request)) return answer;
  answer.headers.emplace_back("Idempotency-Key", request.idempotency_key);
  answer.headers.emplace_back("Original-Request", request_id);
  if (saved) return answer;
  if (save) {
    state_.answers.save(request, answer);
  } else {
    state_.answers.forget(request);
  }
  return answer;
}

void api_service::wait_out(const fault& planned, std::unique_lock<std::mutex>& lock) {
  if (planned.kind != fault_kind::latency) return;
  const int clearings = state_.faults.clearings();
  state_.changed.wait_for(lock, planned.latency, [&] {
    return state_.stopping || state_.faults.clearings() != clearings;
  });
}

void api_service::end_badly(const fault& planned, reply& answer) {
  if (planned.should_retry) {
    answer.headers.emplace_back("Stripe-Should-Retry", *planned.should_retry ? "true" : "false");
  }
  // Without this header a 429 is about a lock on one object.
  if (planned.status == 429 && planned.code == "rate_limit") {
    answer.headers.emplace_back("Stripe-Rate-Limited-Reason", "global-rate");
  }
  answer.cut = planned.kind == fault_kind::cut || planned.kind == fault_kind::stall;
  if (planned.kind != fault_kind::stall) return;
  answer.still_stalled =
      [&state = state_, clearings = state_.faults.clearings()](std::chrono::milliseconds so_long) {
        std::unique_lock<std::mutex> lock(state.mutex);
        return !state.changed.wait_for(
            lock, so_long, [&] { return state.stopping || state.faults.clearings() != clearings; });
      };
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
