#include "client/fetch_scheduler.hpp"

#include "client/reply.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// How many ids that do not exist are remembered: what anybody can send must not fill the memory.
constexpr std::size_t most_not_found = 10000;

std::string key_of(const session_id& id, const retrieve_options& wanted) {
  return id.str() + (wanted.line_items ? "+" : " ") + (wanted.latest_charge ? "+" : " ") +
         wanted.account;
}

error not_found() {
  return {error_code::session_not_found,
          "Stripe had no such session a moment ago (404): another account made it, or nobody did.",
          404, "resource_missing"};
}

const char* out_of_range(const load_options& load, const async_retrieve_options& call) noexcept {
  if (load.max_in_flight < 1 || load.max_in_flight > 10000) {
    return "The option max_in_flight must be from 1 to 10000.";
  }
  const double rate = load.requests_per_second;
  if (!(rate == 0 || (rate >= 0.01 && rate <= 1e6))) {
    return "The option requests_per_second must be 0 or from 0.01 to 1000000.";
  }
  if (call.deadline && (*call.deadline < std::chrono::milliseconds(1) ||
                        *call.deadline > std::chrono::minutes(10))) {
    return "The deadline of a call must be from 1 ms to 10 minutes.";
  }
  return nullptr;
}

// Few, so that a second after a quiet one holds no more than Stripe allows: 25 at the default
// of 20.
double most_at_once(double requests_per_second) noexcept {
  return std::max(1.0, requests_per_second / 4);
}

std::optional<error_code> failure_of(const result<http_response>& answer) {
  if (!answer) return answer.error().code;
  return answer->status == 200 ? std::nullopt : std::optional<error_code>(refusal(*answer).code);
}

fetch_report report_of(const attempt_result& outcome) {
  fetch_report report;
  report.phases = outcome.phases;
  report.connection_reused = outcome.connection_reused;
  if (outcome.answer) {
    report.http_status = outcome.answer->status;
    report.request_id = request_id_of(*outcome.answer);
  }
  return report;
}

} // namespace

fetch_scheduler::fetch_scheduler(api_access& access, const load_options& load, time_source& clock,
                                 wire& wire)
    : access_(access), load_(load), clock_(clock), wire_(wire),
      tokens_(most_at_once(load.requests_per_second)), refilled_(clock.now()) {}

void fetch_scheduler::submit(std::uint64_t number, const result<session_id>& id,
                             const async_retrieve_options& options, time_point made,
                             async_session_client::callback done) {
  const time_point now = clock_.now();
  const auto patience = options.deadline.value_or(access_.options().deadline);
  waiting_call call{number,          options.lane, made, deadline_after(made, patience),
                    std::move(done), std::nullopt};
  if (load_.observer) load_.observer->on_start(call.lane);
  if (!id) return complete_at_once(std::move(call), id.error(), now);
  if (const char* wrong = out_of_range(load_, options)) {
    return complete_at_once(std::move(call), {error_code::invalid_option, wrong}, now);
  }
  std::string key = key_of(*id, options);
  if (call.lane == lane::unknown && remembers_not_found(key, now)) {
    return complete_at_once(std::move(call), not_found(), now);
  }
  if (overloaded()) {
    return complete_at_once(
        std::move(call),
        {error_code::overloaded, "Too many calls wait for Stripe already: max_queued is reached."},
        now);
  }
  const auto [slot, first] = fetches_.try_emplace(std::move(key));
  if (first) {
    const unsigned generation = access_.key_generation(); // first: a newer key is seen by send()
    result<retrieve_call> steps = retrieve_call::make(access_, *id, options, now, call.deadline);
    if (!steps) {
      fetches_.erase(slot);
      return complete_at_once(std::move(call), std::move(steps).error(), now);
    }
    slot->second.reset(new shared_fetch{slot->first, *id, options, generation, *std::move(steps)});
  }
  shared_fetch& fetch = *slot->second;
  const bool better = call.lane < fetch.lane;
  calls_.emplace(number, &fetch);
  deadlines_.emplace(call.deadline, number);
  (fetch.state == shared_fetch::state::on_wire ? fetch.late : fetch.served)
      .push_back(std::move(call));
  if (first) {
    fetch.lane = options.lane;
    enqueue(fetch, false);
  } else if (better && fetch.state == shared_fetch::state::queued) {
    leave_state(fetch);
    fetch.lane = options.lane;
    enqueue(fetch, false);
  } else if (better) {
    fetch.lane = options.lane;
  }
}

void fetch_scheduler::cancel(std::uint64_t call) {
  drop(call, {error_code::canceled, "The call was given up: nothing is known of the session."});
}

void fetch_scheduler::cancel_all() {
  closing_ = true;
  while (!deadlines_.empty())
    cancel(deadlines_.begin()->second);
  closing_ = false;
}

void fetch_scheduler::advance(std::size_t most_sent) {
  const time_point now = clock_.now();
  expire(now);
  while (!pauses_.empty() && pauses_.begin()->first <= now) {
    shared_fetch& fetch = *pauses_.begin()->second;
    leave_state(fetch);
    enqueue(fetch, true);
  }
  send_queued(most_sent);
}

void fetch_scheduler::send_queued(std::size_t most_sent) {
  const time_point now = clock_.now();
  refill(now);
  for (std::list<shared_fetch*>& lane : lanes_) {
    while (!lane.empty() && on_wire_.size() < load_.max_in_flight && tokens_ >= 1) {
      if (most_sent-- == 0) return;
      if (!send(*lane.front(), now)) return;
    }
  }
}

std::optional<time_point> fetch_scheduler::next_time() const {
  std::optional<time_point> earliest;
  const auto consider = [&](time_point time) {
    if (!earliest || time < *earliest) earliest = time;
  };
  if (!deadlines_.empty()) consider(deadlines_.begin()->first);
  if (!pauses_.empty()) consider(pauses_.begin()->first);
  const bool queued =
      std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return !lane.empty(); });
  if (queued && on_wire_.size() < load_.max_in_flight) {
    const double missing = std::max(0.0, 1 - tokens_);
    const double seconds = missing == 0 ? 0 : missing / load_.requests_per_second;
    consider(refilled_ +
             duration_cast<time_point::duration>(std::chrono::duration<double>(seconds)) +
             microseconds(missing == 0 ? 0 : 1)); // so that rounding leaves no token unfinished
  }
  return earliest;
}

std::unique_ptr<fetch_scheduler::completion> fetch_scheduler::next_completion() {
  if (completions_.empty()) return nullptr;
  std::unique_ptr<completion> first = std::move(completions_.front());
  completions_.pop_front();
  return first;
}

void fetch_scheduler::attempt_finished(std::uint64_t attempt, attempt_result outcome) {
  const auto at = on_wire_.find(attempt);
  if (at == on_wire_.end()) return;
  const time_point now = clock_.now();
  shared_fetch& fetch = *at->second;
  const fetch_report report = report_of(outcome);
  std::optional<error_code> failure;
  if (load_.observer) failure = failure_of(outcome.answer);

  leave_state(fetch);
  const exchange::step next = fetch.steps->attempted(std::move(outcome.answer), now);
  if (next == exchange::step::finish) return finish(fetch, report, now);
  // The next attempt is newer than all of them.
  std::move(fetch.late.begin(), fetch.late.end(), std::back_inserter(fetch.served));
  fetch.late.clear();
  if (next == exchange::step::send) return enqueue(fetch, true);
  if (failure) load_.observer->on_retry(fetch.lane, *failure, fetch.steps->delay());
  fetch.state = shared_fetch::state::pausing;
  fetch.resume = now + fetch.steps->delay();
  pauses_.emplace(fetch.resume, &fetch);
}

void fetch_scheduler::expire(time_point now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const std::uint64_t number = deadlines_.begin()->second;
    shared_fetch& fetch = *calls_.at(number);
    const auto call = std::find_if(fetch.served.begin(), fetch.served.end(),
                                   [&](const auto& each) { return each.number == number; });
    const bool asked = call != fetch.served.end() && call->attempts != 0;
    error why{error_code::deadline_exceeded,
              "The deadline passed before Stripe could be asked: give it more time, or ask less at "
              "the same time."};
    fetch_report report;
    if (asked && fetch.state == shared_fetch::state::on_wire) {
      attempt_result outcome = wire_.timed_out(fetch.attempt);
      report = report_of(outcome);
      why = std::move(outcome.answer).error();
    } else if (asked) {
      why = fetch.steps->failure().value_or(std::move(why)); // of the attempt before
    }
    drop(number, std::move(why), std::move(report));
  }
}

bool fetch_scheduler::send(shared_fetch& fetch, time_point now) {
  time_point deadline = now;
  for (const waiting_call& call : fetch.served) {
    if (call.deadline <= now) return false;
    deadline = std::max(deadline, call.deadline);
  }
  for (waiting_call& call : fetch.served) {
    if (!call.first_sent) call.first_sent = now;
    ++call.attempts;
  }
  if (fetch.generation != access_.key_generation() && !renew(fetch, now)) return true;
  fetch.steps->set_deadline(deadline);
  fetch.steps->begin(now);
  leave_state(fetch);
  fetch.state = shared_fetch::state::on_wire;
  fetch.attempt = ++last_attempt_;
  on_wire_.emplace(fetch.attempt, &fetch);
  calls_on_wire_ += fetch.served.size();
  if (load_.requests_per_second > 0) tokens_ -= 1;
  wire_.send(fetch.attempt, fetch.steps->request());
  return true;
}

// With the key of now. False: it is a bad one, and the fetch is gone.
bool fetch_scheduler::renew(shared_fetch& fetch, time_point now) {
  fetch.generation = access_.key_generation();
  result<retrieve_call> steps =
      retrieve_call::make(access_, fetch.id, fetch.wanted, now, fetch.served.front().deadline);
  if (steps) {
    fetch.steps.emplace(*std::move(steps));
    return true;
  }
  leave_state(fetch);
  refuse(fetch, steps.error(), now);
  return false;
}

void fetch_scheduler::refuse(shared_fetch& fetch, const error& why, time_point now) {
  for (waiting_call& call : std::exchange(fetch.served, {})) {
    deadlines_.erase({call.deadline, call.number});
    calls_.erase(call.number);
    complete_at_once(std::move(call), why, now);
  }
  forget(fetch);
}

void fetch_scheduler::enqueue(shared_fetch& fetch, bool first) {
  std::list<shared_fetch*>& lane = lanes_[static_cast<std::size_t>(fetch.lane)];
  fetch.state = shared_fetch::state::queued;
  fetch.place = lane.insert(first ? lane.begin() : lane.end(), &fetch);
}

void fetch_scheduler::leave_state(shared_fetch& fetch) {
  switch (fetch.state) {
  case shared_fetch::state::queued:
    lanes_[static_cast<std::size_t>(fetch.lane)].erase(fetch.place);
    break;
  case shared_fetch::state::pausing: pauses_.erase({fetch.resume, &fetch}); break;
  case shared_fetch::state::on_wire:
    on_wire_.erase(fetch.attempt);
    calls_on_wire_ -= fetch.served.size();
    break;
  }
}

void fetch_scheduler::finish(shared_fetch& fetch, fetch_report report, time_point now) {
  result<observation> answer = fetch.steps->take(clock_.unix_time());
  report.shared = fetch.served.size() > 1;
  if (answer) not_found_until_.erase(fetch.key);
  if (!answer && answer.error().code == error_code::session_not_found) {
    remember_not_found(fetch.key, now);
  }
  std::vector<waiting_call> served = std::exchange(fetch.served, {});
  for (const waiting_call& call : served) {
    deadlines_.erase({call.deadline, call.number});
    calls_.erase(call.number);
  }
  waiting_call last = std::move(served.back()); // gets the answer itself, the others copies
  served.pop_back();
  for (waiting_call& call : served)
    complete(std::move(call), result<observation>(answer), report, now);
  complete(std::move(last), std::move(answer), std::move(report), now);
  begin_again(fetch, now);
}

void fetch_scheduler::begin_again(shared_fetch& fetch, time_point now) {
  fetch.served = std::exchange(fetch.late, {});
  if (fetch.served.empty()) return forget(fetch);
  fetch.generation = access_.key_generation();
  result<retrieve_call> steps =
      retrieve_call::make(access_, fetch.id, fetch.wanted, now, fetch.served.front().deadline);
  // A key that was replaced by a bad one is no reason for a call that is given up.
  if (!steps && !closing_) return refuse(fetch, steps.error(), now);
  if (steps) fetch.steps.emplace(*std::move(steps));
  fetch.lane = best_lane(fetch);
  enqueue(fetch, false);
}

void fetch_scheduler::forget(const shared_fetch& fetch) {
  fetches_.erase(fetches_.find(fetch.key)); // the key itself goes, too
}

lane fetch_scheduler::best_lane(const shared_fetch& fetch) noexcept {
  lane best = lane::background;
  for (const auto* calls : {&fetch.served, &fetch.late}) {
    for (const waiting_call& call : *calls)
      best = std::min(best, call.lane);
  }
  return best;
}

void fetch_scheduler::drop(std::uint64_t number, error why, fetch_report report) {
  const auto at = calls_.find(number);
  if (at == calls_.end()) return; // answered already
  const time_point now = clock_.now();
  shared_fetch& fetch = *at->second;
  calls_.erase(at);
  const auto is_it = [&](const waiting_call& call) { return call.number == number; };
  auto found = std::find_if(fetch.served.begin(), fetch.served.end(), is_it);
  const bool served = found != fetch.served.end();
  if (!served) found = std::find_if(fetch.late.begin(), fetch.late.end(), is_it);
  waiting_call call = std::move(*found);
  (served ? fetch.served : fetch.late).erase(found);
  if (served && fetch.state == shared_fetch::state::on_wire) --calls_on_wire_;
  deadlines_.erase({call.deadline, number});
  complete_at_once(std::move(call), std::move(why), now, std::move(report));

  if (!fetch.served.empty()) {
    const lane best = best_lane(fetch);
    if (best == fetch.lane) return;
    const bool queued = fetch.state == shared_fetch::state::queued;
    if (queued) leave_state(fetch);
    fetch.lane = best;
    if (queued) enqueue(fetch, false);
    return;
  }
  // Nobody waits for this attempt any more.
  if (fetch.state == shared_fetch::state::on_wire) wire_.abandon(fetch.attempt);
  leave_state(fetch);
  begin_again(fetch, now);
}

void fetch_scheduler::complete(waiting_call&& call, result<observation>&& answer,
                               fetch_report report, time_point now) {
  report.lane = call.lane;
  report.duration = duration_cast<microseconds>(now - call.made);
  report.queued = duration_cast<microseconds>(call.first_sent.value_or(now) - call.made);
  report.attempts = call.attempts;
  if (!answer) report.failure = answer.error().code;
  completions_.push_back(std::unique_ptr<completion>(
      new completion{std::move(call.done), std::move(answer), std::move(report)}));
}

void fetch_scheduler::complete_at_once(waiting_call&& call, error failure, time_point now,
                                       fetch_report report) {
  report.http_status = failure.http_status;
  complete(std::move(call), std::move(failure), std::move(report), now);
}

bool fetch_scheduler::overloaded() const noexcept {
  const std::size_t waiting = calls_.size() - calls_on_wire_;
  const std::size_t free = load_.max_in_flight - on_wire_.size();
  return waiting >= free && waiting - free >= load_.max_queued;
}

void fetch_scheduler::refill(time_point now) {
  const std::chrono::duration<double> passed = now - refilled_;
  refilled_ = now;
  tokens_ = std::min(most_at_once(load_.requests_per_second),
                     tokens_ + passed.count() * load_.requests_per_second);
}

bool fetch_scheduler::remembers_not_found(const std::string& key, time_point now) {
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

void fetch_scheduler::remember_not_found(const std::string& key, time_point now) {
  if (load_.not_found_memory <= load_.not_found_memory.zero()) return;
  if (not_found_order_.size() == most_not_found) {
    not_found_until_.erase(not_found_order_.front().second);
    not_found_order_.pop_front();
  }
  const time_point until = now + load_.not_found_memory;
  not_found_until_[key] = until;
  not_found_order_.emplace_back(until, key);
}

} // namespace v0
} // namespace stripe_return
