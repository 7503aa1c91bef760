#include "client/request_scheduler.hpp"

#include "client/no_memory.hpp"
#include "client/response_error.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <random>
#include <thread>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// How many ids that do not exist are remembered: what anybody can send must not fill the memory.
constexpr std::size_t most_not_found = 10000;

// Of so many requests that are sent for unknown ids, one goes to the background where it waits.
constexpr unsigned unknown_for_one_background = 4;

// For jitter, which only has to differ between machines and threads: from 0 to 1. Not from
// std::random_device, which may throw.
double chance() {
  thread_local std::minstd_rand generator(static_cast<std::minstd_rand::result_type>(
      std::chrono::steady_clock::now().time_since_epoch().count() ^
      static_cast<std::chrono::steady_clock::rep>(
          std::hash<std::thread::id>()(std::this_thread::get_id()))));
  return std::uniform_real_distribution<double>()(generator);
}

// Few, so that a second after a quiet one holds no more than Stripe allows: 25 at the default
// of 20.
double most_at_once(double requests_per_second) noexcept {
  return std::max(1.0, requests_per_second / 4);
}

error not_found() {
  return {error_code::session_not_found,
          "Stripe had no such session a moment ago (404): it belongs to another account, or does "
          "not exist.",
          404, "resource_missing"};
}

template <class Describe> auto or_no_memory(Describe describe) noexcept -> decltype(describe()) {
  try {
    return describe();
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

constexpr std::size_t index_of(call_priority priority) noexcept {
  return static_cast<std::size_t>(priority);
}

void count(std::array<std::size_t, 4>& by_priority, const request_scheduler::call_list& calls,
           std::size_t change) noexcept {
  for (const accepted_call& each : calls)
    by_priority[index_of(each.priority)] += change;
}

constexpr std::size_t less_one = SIZE_MAX; // added, it takes one away

request_scheduler::call_list::iterator find_call(request_scheduler::call_list& calls,
                                                 std::uint64_t number) {
  return std::find_if(calls.begin(), calls.end(),
                      [&](const accepted_call& each) { return each.number == number; });
}

} // namespace

api_answer exchanged::read() const {
  if (!answer) return answer.error();
  if (answer->status != 200) return call->error_from(*answer);
  return call->read(*answer, authorized, local_time);
}

api_answer accepted_call::read_answer() const {
  if (failure) return *failure;
  return outcome->read();
}

request_scheduler::request_scheduler(api_access& access, time_source& time, attempt_sender& sender)
    : access_(access), options_(access.options()), time_(time), sender_(sender),
      tokens_(most_at_once(options_.requests_per_second)),
      background_tokens_(most_at_once(options_.requests_per_second / 2)), refilled_(time.now()) {}

void request_scheduler::submit(call_list given, made_call made) {
  const time_point now = time_.now();
  const auto call = given.begin();
  const auto refuse_it = [&](error why) {
    call->failure = std::move(why);
    answer(given, call, now);
  };
  if (!made) return refuse_it(std::move(made).error());
  std::string key = (*made)->sharing_key();
  if (call->priority == call_priority::unknown && remembers_not_found(key, now)) {
    return refuse_it(not_found());
  }
  if (overloaded(call->priority)) {
    return refuse_it(
        {error_code::overloaded, "Too many calls are waiting for Stripe: max_queued is reached."});
  }
  call->call = *std::move(made);
  const auto others = key.empty() ? by_key_.end() : by_key_.find(key);
  std::list<request> fresh;
  handle asked;
  if (others != by_key_.end()) {
    asked = others->second;
  } else {
    asked = fresh.emplace(fresh.end());
    asked->key = std::move(key);
    asked->outcome = std::make_shared<exchanged>();
    asked->outcome->call = std::move(call->call);
    asked->priority = call->priority;
    if (auto refused = prepare(*asked, now)) return refuse_it(*std::move(refused));
    asked->attempts->set_deadline(call->deadline);
  }
  const auto due = deadlines_.emplace(call->deadline, call->number).first;
  try {
    calls_.emplace(call->number, asked);
    try {
      if (!fresh.empty() && !asked->key.empty()) by_key_.emplace(asked->key, asked);
    } catch (...) {
      calls_.erase(call->number);
      throw;
    }
  } catch (...) {
    deadlines_.erase(due);
    throw;
  }
  const call_priority priority = call->priority;
  ++waiting_[index_of(priority)];
  call_list& with = asked->state == request::state::in_flight ? asked->late : asked->served;
  with.splice(with.end(), given);
  if (!fresh.empty()) {
    std::list<request>& queue = queues_[index_of(priority)];
    queue.splice(queue.end(), fresh);
  } else if (priority < asked->priority) {
    set_priority(asked, priority);
  }
}

std::optional<error> request_scheduler::prepare(request& asked, time_point now) {
  result<authorized_call> authorized = asked.outcome->call->authorize(access_, now);
  if (!authorized) return std::move(authorized).error();
  asked.outcome->authorized = *std::move(authorized);
  asked.attempts.emplace(options_.retry, now, options_.attempt_timeout, options_.connect_timeout);
  return std::nullopt;
}

void request_scheduler::cancel(std::uint64_t call) {
  const auto at = calls_.find(call);
  if (at == calls_.end()) return; // answered already
  drop(at->second, call, or_no_memory([] {
         return error{error_code::canceled,
                      "The call was canceled: nothing is known of the session."};
       }),
       nullptr);
}

void request_scheduler::cancel_all() {
  closing_ = true;
  while (!deadlines_.empty())
    cancel(deadlines_.begin()->second);
  closing_ = false;
}

void request_scheduler::advance(std::size_t most_sent) {
  const time_point now = time_.now();
  expire(now);
  while (!pauses_.empty() && pauses_.begin()->first <= now) {
    const handle asked = pauses_.begin()->second;
    leave_state(asked);
    enqueue(asked, true);
  }
  send_queued(most_sent);
}

void request_scheduler::send_queued(std::size_t most_sent) {
  const time_point now = time_.now();
  refill(now);
  while (on_wire_.size() < options_.max_in_flight && tokens_ >= 1) {
    std::list<request>* const queue = next_queue();
    if (queue == nullptr || most_sent-- == 0) return;
    if (!send(queue->begin(), now)) return;
  }
}

std::list<request_scheduler::request>* request_scheduler::next_queue() {
  for (const call_priority first : {call_priority::known, call_priority::webhook}) {
    if (std::list<request>& queue = queues_[index_of(first)]; !queue.empty()) return &queue;
  }
  std::list<request>& unknown = queues_[index_of(call_priority::unknown)];
  std::list<request>& background = queues_[index_of(call_priority::background)];
  const bool background_may = !background.empty() && background_tokens_ >= 1;
  if (!unknown.empty() &&
      !(background_may && unknown_since_background_ >= unknown_for_one_background))
    return &unknown;
  return background_may ? &background : nullptr;
}

std::optional<time_point> request_scheduler::next_time() const {
  std::optional<time_point> earliest;
  const auto consider = [&](time_point time) {
    if (!earliest || time < *earliest) earliest = time;
  };
  if (!deadlines_.empty()) consider(deadlines_.begin()->first);
  if (!pauses_.empty()) consider(pauses_.begin()->first);
  if (on_wire_.size() >= options_.max_in_flight) return earliest;
  const auto when_one = [&](double tokens, double per_second) {
    if (tokens >= 1) return refilled_;
    return refilled_ +
           duration_cast<time_point::duration>(
               std::chrono::duration<double>((1 - tokens) / per_second)) +
           microseconds(1); // so that rounding leaves no token unfinished
  };
  const double rate = options_.requests_per_second;
  const std::list<request>& background = queues_[index_of(call_priority::background)];
  const bool other = std::any_of(queues_.begin(), queues_.end(), [&](const auto& queue) {
    return &queue != &background && !queue.empty();
  });
  if (other) consider(when_one(tokens_, rate));
  if (!background.empty())
    consider(std::max(when_one(tokens_, rate), when_one(background_tokens_, rate / 2)));
  return earliest;
}

request_scheduler::call_list request_scheduler::next_answered() {
  call_list first;
  if (!answered_.empty()) first.splice(first.end(), answered_, answered_.begin());
  return first;
}

void request_scheduler::attempt_finished(std::uint64_t attempt, attempt_result&& about) {
  const auto at = on_wire_.find(attempt);
  if (at == on_wire_.end()) return;
  const time_point now = time_.now();
  const handle asked = at->second;
  exchanged& outcome = *asked->outcome;
  leave_state(asked);
  exchange::step next = exchange::step::finish;
  try {
    next = asked->attempts->attempted(std::move(about.answer), now, chance());
    if (next == exchange::step::finish && asked->attempts->answer()) {
      const http_response& answer = *asked->attempts->answer();
      if (outcome.call->ask_again(answer, outcome.authorized)) {
        const time_point deadline = asked->attempts->deadline();
        asked->attempts.emplace(options_.retry, deadline, options_.attempt_timeout,
                                options_.connect_timeout);
        next = asked->attempts->begin(now);
      } else {
        outcome.call->learn(answer, outcome.authorized, access_, now);
      }
    } else if (next == exchange::step::pause) {
      const result<http_response>& answer = asked->attempts->answer();
      const error_code why = answer ? outcome.call->error_from(*answer).code : answer.error().code;
      retries_.reserve(retries_.size() + 1);
      asked->pause = pauses_.emplace(now + asked->attempts->delay(), asked);
      retries_.push_back({outcome.call->kind(), why, asked->attempts->delay()});
    }
  } catch (const std::bad_alloc&) {
    asked->attempts->fail(no_memory());
    next = exchange::step::finish;
  }
  if (next == exchange::step::finish) return finish(asked, about, now);
  // The next attempt is newer than all of them.
  asked->served.splice(asked->served.end(), asked->late);
  if (next == exchange::step::send) enqueue(asked, true);
}

void request_scheduler::expire(time_point now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const std::uint64_t number = deadlines_.begin()->second;
    const handle asked = calls_.at(number);
    const auto call = find_call(asked->served, number);
    const bool sent = call != asked->served.end() && call->report.attempts != 0;
    std::optional<attempt_result> so_far;
    error why = or_no_memory([&]() -> error {
      if (sent && asked->state == request::state::in_flight) {
        so_far = sender_.so_far(asked->sent);
        return std::move(so_far->answer).error();
      }
      if (sent && asked->attempts->answered()) { // the attempt before
        const result<http_response>& answer = asked->attempts->answer();
        if (!answer) return answer.error();
        if (answer->status != 200) return asked->outcome->call->error_from(*answer);
      }
      return {error_code::deadline_exceeded, "The deadline passed before the request was sent: "
                                             "allow more time, or make fewer calls at once."};
    });
    drop(asked, number, std::move(why), so_far ? &*so_far : nullptr);
  }
}

bool request_scheduler::send(handle asked, time_point now) {
  const accepted_call* waits_longest = &asked->served.front();
  for (const accepted_call& call : asked->served) {
    if (call.deadline <= now) return false;
    if (call.deadline > waits_longest->deadline) waits_longest = &call;
  }
  bool only_retried = true;
  for (accepted_call& call : asked->served) {
    if (!call.first_sent) {
      call.first_sent = now;
      only_retried = false;
    }
    ++call.report.attempts;
  }
  // A retry belongs to the calls that began with the old key; nobody else shares it.
  if (!only_retried && is_of_an_older_key(*asked)) {
    if (const auto refused = or_no_memory([&] { return prepare(*asked, now); })) {
      leave_state(asked);
      refuse(asked, *refused, now);
      return true;
    }
  }
  asked->attempts->set_deadline(waits_longest->deadline);
  asked->attempts->begin(now);
  leave_state(asked);
  try {
    on_wire_.emplace(++last_attempt_, asked);
  } catch (const std::bad_alloc&) {
    asked->attempts->fail(no_memory());
    finish(asked, no_memory(), now);
    return true;
  }
  count(waiting_, asked->served, less_one);
  asked->state = request::state::in_flight;
  asked->attempt = last_attempt_;
  if (options_.requests_per_second > 0) {
    tokens_ -= 1;
    if (asked->priority == call_priority::background) background_tokens_ -= 1;
  }
  if (asked->priority == call_priority::unknown) ++unknown_since_background_;
  if (asked->priority == call_priority::background) unknown_since_background_ = 0;
  http_request& to_send = asked->outcome->authorized.request;
  to_send.timeout = asked->attempts->timeout();
  to_send.connect_timeout = asked->attempts->connect_timeout();
  try {
    asked->sent = sender_.send(asked->attempt, to_send, waits_longest->waiter);
  } catch (const std::bad_alloc&) {
    attempt_finished(asked->attempt, no_memory());
  }
  return true;
}

void request_scheduler::refuse(handle asked, const error& why, time_point now) {
  while (!asked->served.empty()) {
    const auto call = asked->served.begin();
    call->failure = or_no_memory([&] { return why; });
    --waiting_[index_of(call->priority)];
    answer(asked->served, call, now);
  }
  forget(asked);
}

std::list<request_scheduler::request>& request_scheduler::list_of(const request& asked) noexcept {
  return asked.state == request::state::queued ? queues_[index_of(asked.priority)] : away_;
}

void request_scheduler::set_priority(handle asked, call_priority priority) noexcept {
  std::list<request>& before = list_of(*asked);
  asked->priority = priority;
  std::list<request>& queue = list_of(*asked);
  if (&queue != &before) queue.splice(queue.end(), before, asked);
}

// From away_, where leave_state() has brought it.
void request_scheduler::enqueue(handle asked, bool first) {
  asked->state = request::state::queued;
  std::list<request>& queue = list_of(*asked);
  queue.splice(first ? queue.begin() : queue.end(), away_, asked);
}

void request_scheduler::leave_state(handle asked) {
  switch (asked->state) {
  case request::state::queued: away_.splice(away_.end(), list_of(*asked), asked); break;
  case request::state::pausing: pauses_.erase(asked->pause); break;
  case request::state::in_flight:
    on_wire_.erase(asked->attempt);
    count(waiting_, asked->served, 1);
    break;
  }
  asked->state = request::state::pausing; // or whatever comes next: it is in away_
}

void request_scheduler::finish(handle asked, const attempt_result& about, time_point now) {
  exchanged& outcome = *asked->outcome;
  outcome.answer = std::move(asked->attempts->answer());
  outcome.local_time = time_.unix_time();
  remember_not_found(*asked, now);
  const bool shared = asked->served.size() > 1;
  while (!asked->served.empty()) {
    const auto call = asked->served.begin();
    call->outcome = asked->outcome;
    call->report.phases = about.phases;
    call->report.connection_reused = about.connection_reused;
    call->report.shared = shared;
    --waiting_[index_of(call->priority)];
    answer(asked->served, call, now);
  }
  begin_again(asked, now);
}

void request_scheduler::begin_again(handle asked, time_point now) {
  asked->served.splice(asked->served.end(), asked->late);
  if (asked->served.empty()) return forget(asked);
  const std::optional<error> refused = or_no_memory([&] {
    asked->outcome = std::make_shared<exchanged>();
    const auto own = std::find_if(asked->served.begin(), asked->served.end(),
                                  [](const accepted_call& each) { return each.call != nullptr; });
    asked->outcome->call = std::move(own->call);
    return prepare(*asked, now);
  });
  // A key that was replaced by a bad one is no reason for a call that is given up.
  if (refused && !closing_) return refuse(asked, *refused, now);
  asked->priority = call_priority::background;
  for (const accepted_call& each : asked->served)
    asked->priority = std::min(asked->priority, each.priority);
  enqueue(asked, false);
}

void request_scheduler::forget(handle asked) noexcept {
  if (!asked->key.empty()) by_key_.erase(asked->key);
  away_.erase(asked);
}

void request_scheduler::drop(handle asked, std::uint64_t number, error why,
                             const attempt_result* so_far) {
  const time_point now = time_.now();
  auto call = find_call(asked->served, number);
  const bool served = call != asked->served.end();
  if (!served) call = find_call(asked->late, number);
  if (so_far != nullptr) {
    call->report.phases = so_far->phases;
    call->report.connection_reused = so_far->connection_reused;
  }
  call->failure = std::move(why);
  if (!served || asked->state != request::state::in_flight) --waiting_[index_of(call->priority)];
  answer(served ? asked->served : asked->late, call, now);

  if (!asked->served.empty()) {
    call_priority best = call_priority::background;
    for (const call_list* calls : {&asked->served, &asked->late})
      for (const accepted_call& each : *calls)
        best = std::min(best, each.priority);
    if (best != asked->priority) set_priority(asked, best);
    return;
  }
  // Nobody waits for this attempt any more.
  if (asked->state == request::state::in_flight) sender_.abandon(asked->sent);
  leave_state(asked);
  begin_again(asked, now);
}

void request_scheduler::answer(call_list& from, call_list::iterator call, time_point now) noexcept {
  deadlines_.erase({call->deadline, call->number});
  calls_.erase(call->number);
  call->report.priority = call->priority;
  call->report.duration = duration_cast<microseconds>(now - call->made);
  call->report.queued = duration_cast<microseconds>(call->first_sent.value_or(now) - call->made);
  answered_.splice(answered_.end(), from, call);
}

bool request_scheduler::overloaded(call_priority priority) const noexcept {
  if (priority < call_priority::unknown) return false;
  const std::size_t waiting = waiting_[index_of(priority)];
  const std::size_t free = options_.max_in_flight - on_wire_.size();
  return waiting >= free && waiting - free >= options_.max_queued;
}

void request_scheduler::refill(time_point now) {
  const std::chrono::duration<double> passed = now - refilled_;
  refilled_ = now;
  const double rate = options_.requests_per_second;
  tokens_ = std::min(most_at_once(rate), tokens_ + passed.count() * rate);
  background_tokens_ =
      std::min(most_at_once(rate / 2), background_tokens_ + passed.count() * rate / 2);
}

bool request_scheduler::is_of_an_older_key(const request& asked) {
  return asked.outcome->authorized.key_generation != access_.key_generation();
}

bool request_scheduler::remembers_not_found(const std::string& key, time_point now) {
  if (not_found_generation_ != access_.key_generation()) {
    not_found_generation_ = access_.key_generation();
    not_found_until_.clear();
    not_found_order_.clear();
  }
  while (!not_found_order_.empty() && not_found_order_.front().first <= now) {
    const auto at = not_found_until_.find(not_found_order_.front().second);
    if (at != not_found_until_.end() && at->second <= now) not_found_until_.erase(at);
    not_found_order_.pop_front();
  }
  return not_found_until_.count(key) != 0;
}

// Only what is shared: of anything else, nobody asks twice.
void request_scheduler::remember_not_found(const request& asked, time_point now) {
  const result<http_response>& answer = asked.outcome->answer;
  if (asked.key.empty() || !answer || is_of_an_older_key(asked)) return;
  if (answer->status == 200) not_found_until_.erase(asked.key);
  if (answer->status != 404 || options_.not_found_memory.count() <= 0) return;
  try {
    if (asked.outcome->call->error_from(*answer).code != error_code::session_not_found) return;
    if (not_found_order_.size() == most_not_found) {
      not_found_until_.erase(not_found_order_.front().second);
      not_found_order_.pop_front();
    }
    const time_point until = now + options_.not_found_memory;
    not_found_order_.emplace_back(until, asked.key);
    not_found_until_[asked.key] = until;
  } catch (const std::bad_alloc&) { // then it is asked for again
  }
}

} // namespace v0
} // namespace stripe_return
