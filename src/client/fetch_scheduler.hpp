// Which call is sent when, and who gets which answer.
#pragma once

#include "client/retrieve_call.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct attempt_result {
  result<http_response> answer;
  attempt_phases phases;
  bool connection_reused = false;
};

// Sends one attempt at a time for each of many sessions.
class wire {
public:
  // The end of it is told to fetch_scheduler::attempt_finished(), later.
  virtual void send(std::uint64_t attempt, const http_request& request) = 0;
  // Nothing more is told of it.
  virtual void abandon(std::uint64_t attempt) = 0;
  // What to tell a caller who can wait for it no longer: an error.
  virtual attempt_result timed_out(std::uint64_t attempt) = 0;

protected:
  ~wire() = default;
};

// The policy of async_session_client: deadlines, sharing, lanes, rate, the memory of 404s, the
// bounded queue. It does no I/O, starts no timer and calls nobody back: it is told what happened
// and what time it is, and asked what to do. For one thread at a time.
//
// The rule of sharing: calls for the same session wait together. A request answers those that
// waited when it was sent; those that came later wait for the next, which is sent once it has
// ended.
class fetch_scheduler {
public:
  struct completion {
    async_session_client::callback done;
    result<observation> answer;
    fetch_report report;
  };

  fetch_scheduler(api_access& access, const load_options& load, time_source& clock, wire& wire);

  // A call that was made at `made`, from which its deadline counts. Without an id, its error is the
  // answer.
  void submit(std::uint64_t call, const result<session_id>& id,
              const async_retrieve_options& options, time_point made,
              async_session_client::callback done);
  void cancel(std::uint64_t call);
  void cancel_all();
  void attempt_finished(std::uint64_t attempt, attempt_result outcome);

  // Does what is due, and sends what may be sent, at most so many.
  void advance(std::size_t most_sent = SIZE_MAX);
  // The last part of it alone.
  void send_queued(std::size_t most_sent = SIZE_MAX);
  // When advance() has to be called again at the latest, if nothing happens before.
  std::optional<time_point> next_time() const;
  // In the order in which the calls were answered; null when there is none.
  std::unique_ptr<completion> next_completion();
  std::size_t completions() const noexcept { return completions_.size(); }

private:
  struct waiting_call {
    std::uint64_t number;
    stripe_return::lane lane;
    time_point made;
    time_point deadline;
    async_session_client::callback done;
    std::optional<time_point> first_sent;
    int attempts = 0;
  };

  // All calls for one session.
  struct shared_fetch {
    const std::string& key; // in fetches_
    session_id id;
    retrieve_options wanted;
    unsigned generation; // of the secret key that `steps` was made with
    std::optional<retrieve_call> steps;
    std::vector<waiting_call> served{}; // by the attempt on the wire, or by the next
    std::vector<waiting_call> late{};   // came while one was on the wire
    enum class state : unsigned char { queued, pausing, on_wire } state = state::queued;
    stripe_return::lane lane = lane::background; // the best of its calls
    std::list<shared_fetch*>::iterator place{};  // in its lane while queued
    std::uint64_t attempt = 0;                   // on the wire
    time_point resume{};                         // while pausing
  };

  void expire(time_point now);
  // False where a call's deadline has passed: expire() has to see to that first.
  bool send(shared_fetch& fetch, time_point now);
  void enqueue(shared_fetch& fetch, bool first);
  void leave_state(shared_fetch& fetch);
  bool renew(shared_fetch& fetch, time_point now);
  void refuse(shared_fetch& fetch, const error& why, time_point now);
  static lane best_lane(const shared_fetch& fetch) noexcept;
  void finish(shared_fetch& fetch, fetch_report report, time_point now);
  // Begins anew for the calls that came late. Where there are none, the fetch is gone.
  void begin_again(shared_fetch& fetch, time_point now);
  void forget(const shared_fetch& fetch);
  void drop(std::uint64_t call, error why, fetch_report report = {});
  void complete(waiting_call&& call, result<observation>&& answer, fetch_report report,
                time_point now);
  void complete_at_once(waiting_call&& call, error failure, time_point now,
                        fetch_report report = {});

  bool overloaded() const noexcept;
  void refill(time_point now);
  bool remembers_not_found(const std::string& key, time_point now);
  void remember_not_found(const std::string& key, time_point now);

  api_access& access_;
  const load_options load_;
  time_source& clock_;
  wire& wire_;

  std::unordered_map<std::string, std::unique_ptr<shared_fetch>> fetches_; // by key
  std::unordered_map<std::uint64_t, shared_fetch*> calls_;                 // not answered yet
  std::size_t calls_on_wire_ = 0;                                          // of them
  std::array<std::list<shared_fetch*>, 3> lanes_;
  std::unordered_map<std::uint64_t, shared_fetch*> on_wire_; // by attempt
  std::set<std::pair<time_point, std::uint64_t>> deadlines_;
  std::set<std::pair<time_point, shared_fetch*>> pauses_;
  std::deque<std::unique_ptr<completion>> completions_; // so that a session stays where it is
  std::uint64_t last_attempt_ = 0;

  bool closing_ = false; // all calls are being given up

  double tokens_;
  time_point refilled_;
  unsigned not_found_generation_ = 0; // of the key that it was heard with
  std::unordered_map<std::string, time_point> not_found_until_;
  std::deque<std::pair<time_point, std::string>> not_found_order_;
};

} // namespace v0
} // namespace stripe_return
