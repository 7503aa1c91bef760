// Which call is sent when, and who gets which answer.
#pragma once

#include "client/api_call.hpp"
#include "client/exchange.hpp"

#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/client_parts.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct waiting_thread;

// Sends one attempt at a time for each of many requests.
class attempt_sender {
public:
  // The end of it is told to request_scheduler::attempt_finished(), later. `waits_longest` is the
  // one of the threads that wait for the answer; null where none does. Gives the sender's own
  // number.
  virtual std::uint64_t send(std::uint64_t attempt, const http_request& request,
                             waiting_thread* waits_longest) = 0;
  // By the sender's own number. Nothing more is told of it.
  virtual void abandon(std::uint64_t sent) noexcept = 0;
  // What to tell a caller who can wait for it no longer: an error.
  virtual attempt_result so_far(std::uint64_t sent) = 0;

protected:
  ~attempt_sender() = default;
};

// What a request brought for the calls that it answers. Not changed once they have it.
struct exchanged {
  std::unique_ptr<api_call> call;
  authorized_call authorized;
  result<http_response> answer = http_response();
  unix_seconds local_time = 0;

  api_answer read() const;
};

// A call from when it is made until its answer is taken.
struct accepted_call {
  std::uint64_t number = 0;
  std::unique_ptr<api_call> call; // until a request is made of it
  call_priority priority = call_priority::known;
  time_point made;
  time_point deadline;
  waiting_thread* waiter = nullptr; // takes the answer, or else `done` does
  std::function<void(api_answer&&)> done;

  std::optional<time_point> first_sent;
  call_report report;

  // Once it is answered, one of the two.
  std::shared_ptr<const exchanged> outcome;
  std::optional<error> failure;

  api_answer read_answer() const;
};

// The policy of both clients: deadlines, attempts, sharing, priorities, rate, the memory of 404s,
// the bounded queue. It does no I/O, starts no timer and calls nobody back: it is told what
// happened and what time it is, and asked what to do. For one thread at a time.
//
// The rule of sharing: calls for the same session wait together. A request answers those that
// waited when it was sent; those that came later wait for the next, which is sent once it has
// ended.
//
// Where memory runs out, submit() throws std::bad_alloc and has accepted nothing; whatever else
// runs out of it answers the calls that it is about.
class request_scheduler {
public:
  using call_list = std::list<accepted_call>;

  struct retry_note {
    client_call call;
    error_code failure;
    std::chrono::milliseconds delay;
  };

  request_scheduler(api_access& access, time_source& time, attempt_sender& sender);

  // The one call of `given`, with number, priority, made, deadline, waiter or done. `made` may be
  // an error, which then is its answer.
  void submit(call_list given, made_call made);
  void cancel(std::uint64_t call);
  void cancel_all();
  void attempt_finished(std::uint64_t attempt, attempt_result&& about);

  // Does what is due, and sends what may be sent, at most so many.
  void advance(std::size_t most_sent = SIZE_MAX);
  // The last part of it alone.
  void send_queued(std::size_t most_sent = SIZE_MAX);
  // When advance() has to be called again at the latest, if nothing happens before.
  std::optional<time_point> next_time() const;
  bool has_requests_on_wire() const noexcept { return !on_wire_.empty(); }

  // The call that was answered first, or none.
  call_list next_answered();
  std::size_t answered() const noexcept { return answered_.size(); }
  std::vector<retry_note> take_retry_notes() { return std::exchange(retries_, {}); }

private:
  // All calls that wait for the same.
  struct request;
  using handle = std::list<request>::iterator;
  struct request {
    std::string key;                    // by_key_ points to it; empty where it is not shared
    std::shared_ptr<exchanged> outcome; // its answer is still to come
    std::optional<exchange> attempts;
    call_list served; // by the attempt in flight, or by the next
    call_list late;   // came while one was in flight
    enum class state : unsigned char { queued, pausing, in_flight } state = state::queued;
    call_priority priority = call_priority::background; // the best of its calls
    std::multimap<time_point, handle>::iterator pause;  // while pausing
    std::uint64_t attempt = 0;                          // in flight
    std::uint64_t sent = 0;                             // its number there
  };

  // With the secret key of now.
  std::optional<error> prepare(request& asked, time_point now);
  std::list<request>* next_queue();
  // False where a call's deadline has passed: expire() has to see to that first.
  bool send(handle asked, time_point now);
  void expire(time_point now);
  void enqueue(handle asked, bool first);
  void leave_state(handle asked);
  void set_priority(handle asked, call_priority priority) noexcept;
  void finish(handle asked, const attempt_result& about, time_point now);
  // Begins anew for the calls that came late. Where there are none, the request is gone.
  void begin_again(handle asked, time_point now);
  void refuse(handle asked, const error& why, time_point now);
  void forget(handle asked) noexcept;
  void drop(handle asked, std::uint64_t call, error why, const attempt_result* so_far);
  void answer(call_list& from, call_list::iterator call, time_point now) noexcept;
  std::list<request>& list_of(const request& asked) noexcept;

  bool overloaded(call_priority priority) const noexcept;
  void refill(time_point now);
  bool remembers_not_found(const std::string& key, time_point now);
  void remember_not_found(const request& asked, time_point now);
  bool is_of_an_older_key(const request& asked);

  api_access& access_;
  const client_options& options_;
  time_source& time_;
  attempt_sender& sender_;

  std::array<std::list<request>, 4> queues_; // by priority
  std::list<request> away_;                  // in flight, or pausing
  std::unordered_map<std::string_view, handle> by_key_;
  std::unordered_map<std::uint64_t, handle> calls_; // not answered yet
  std::array<std::size_t, 4> waiting_{};            // of them, by priority: not in flight
  std::map<std::uint64_t, handle> on_wire_;         // by attempt
  std::multimap<time_point, handle> pauses_;
  std::set<std::pair<time_point, std::uint64_t>> deadlines_;
  call_list answered_;
  std::vector<retry_note> retries_;
  std::uint64_t last_attempt_ = 0;
  bool closing_ = false; // all calls are being given up

  double tokens_;
  double background_tokens_;
  unsigned unknown_since_background_ = 0; // requests sent
  time_point refilled_;

  unsigned not_found_generation_ = 0; // of the key that it came with
  std::unordered_map<std::string, time_point> not_found_until_;
  std::deque<std::pair<time_point, std::string>> not_found_order_;
};

} // namespace v0
} // namespace stripe_return
