#include "client/request_core.hpp"

#include "client/client_options.hpp"
#include "client/no_memory.hpp"
#include "client/response_error.hpp"

#include <stripe_return/client/curl_transport.hpp>

#include <algorithm>
#include <new>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<transport> make_transport(const client_options& options) {
  curl_transport_options made;
  made.ca_file = options.ca_file;
  made.proxy = options.proxy;
  made.max_response_bytes = options.max_response_bytes;
  made.max_idle_connections = std::min<std::size_t>(options.max_in_flight, 100);
  return std::make_shared<curl_transport>(std::move(made));
}

// What runs out of memory is tried again when its turn comes.
template <class Work> void without_throwing(Work work) noexcept {
  try {
    work();
  } catch (const std::bad_alloc&) {
  }
}

} // namespace

std::shared_ptr<request_core> request_core::make(client_options options, client_parts parts,
                                                 driver driven_by, event_loop* loop) {
  auto core = std::make_shared<request_core>(std::move(options), std::move(parts), driven_by, loop);
  if (driven_by == driver::own_thread) {
    core->thread_ = std::thread([core] { core->run(); });
  }
  if (driven_by == driver::event_loop) { // which thread the loop's is, only a turn tells
    const lock held(core->mutex_);
    core->take_turn_soon();
  }
  return core;
}

request_core::request_core(client_options options, client_parts parts, driver driven_by,
                           event_loop* loop)
    : driver_(driven_by),
      time_(parts.time ? std::move(parts.time) : std::make_shared<system_time>()),
      observer_(std::move(parts.observer)), access_(options),
      transport_(parts.transport ? std::move(parts.transport) : make_transport(options)),
      blocking_(transport_->blocking()), scheduler_(access_, *time_, *this), loop_(loop) {
  if (driver_ == driver::event_loop) {
    driving_thread_ = std::this_thread::get_id();
    loop_->attach(this);
    transport_->drive_by(&loop_of_transport_);
  } else {
    transport_->drive_by(nullptr);
  }
}

request_core::~request_core() {
  if (transport_) transport_->drive_by(nullptr);
}

request_scheduler::call_list request_core::new_call(client_call kind, const call_options& options) {
  if (observer_) observer_->on_start(kind, options.priority);
  request_scheduler::call_list made(1);
  accepted_call& call = made.front();
  call.priority = options.priority;
  call.made = time_->now();
  call.deadline = deadline_after(call.made, options.deadline.value_or(access_.options().deadline));
  call.report.call = kind;
  return made;
}

void request_core::refuse_unusable(made_call& made, const call_options& options) const {
  if (made && options.deadline && !is_deadline(*options.deadline)) {
    made = error{error_code::invalid_option,
                 "The deadline of a call must be from 1 ms to 10 minutes."};
  }
  if (made && blocking_ != nullptr && driver_ != driver::waiting_threads) {
    made = error{error_code::invalid_option,
                 "A transport that blocks needs an executor here: pass one to adapt()."};
  }
}

bool request_core::is_driving_thread() const noexcept {
  return driving_thread_ == std::this_thread::get_id();
}

api_answer request_core::wait_for(client_call kind, made_call made, const call_options& options) {
  if (driver_ != driver::waiting_threads && is_driving_thread()) {
    return error{error_code::wrong_thread, "This thread drives the client, so it would wait for "
                                           "itself: call the asynchronous client here."};
  }
  request_scheduler::call_list given = new_call(kind, options);
  refuse_unusable(made, options);

  lock held(mutex_);
  if (closing_) {
    held.unlock();
    api_answer gone = error{error_code::canceled,
                            "The client that drives this one has been destroyed: make a new one."};
    tell_finished(given.front(), gone);
    return gone;
  }
  std::list<waiting_thread> place; // moves to idle_ and back
  if (unused_.empty()) unused_.emplace_back();
  place.splice(place.end(), unused_, unused_.begin());
  const auto self_at = place.begin();
  waiting_thread& self = *self_at;
  given.front().waiter = &self;
  given.front().number = ++last_call_;
  take_turn_soon();
  scheduler_.submit(std::move(given), std::move(made));
  // From here on the scheduler knows of this thread: nothing throws until it is answered.
  while (self.answered.empty()) {
    if (self.to_send) {
      let_another_drive();
      run_job(held, self);
    } else if (driver_ == driver::waiting_threads && driving_ == whereabouts::nowhere) {
      drive(held, [&] { return !self.answered.empty() || self.to_send; });
    } else {
      idle_.splice(idle_.end(), place);
      self.turn.wait(held);
      place.splice(place.end(), idle_, self_at);
    }
  }
  self.to_send.reset(); // its deadline may have passed before it looked
  let_another_drive();
  const request_scheduler::call_list answered = std::move(self.answered);
  unused_.splice(unused_.begin(), place);
  held.unlock();
  const accepted_call& call = answered.front();
  api_answer got = answer_of(call);
  tell_finished(call, got);
  return got;
}

std::uint64_t request_core::begin(client_call kind, made_call made, const call_options& options,
                                  std::function<void(api_answer&&)> done) {
  request_scheduler::call_list given = new_call(kind, options);
  given.front().done = std::move(done);
  refuse_unusable(made, options);
  lock held(mutex_);
  const std::uint64_t number = ++last_call_;
  given.front().number = number;
  take_turn_soon();
  scheduler_.submit(std::move(given), std::move(made));
  return number;
}

void request_core::cancel(std::uint64_t call) noexcept {
  const lock held(mutex_);
  without_throwing([&] { // else it goes on to its answer
    to_cancel_.push_back(call);
    take_turn_soon();
  });
}

// Whoever drives looks at the scheduler again, once it gets the lock. The caller is not called back
// before it returns. May throw, and then nobody looks.
void request_core::take_turn_soon() {
  if (closing_) return;
  switch (driver_) {
  case driver::event_loop:
    if ((!is_driving_thread() || !in_turn_) && !posted_) {
      loop_->post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->on_post();
      });
      posted_ = true;
    }
    return;
  case driver::own_thread:
  case driver::waiting_threads:
    if (driving_ == whereabouts::waiting) work_.notify_one();
    if (driving_ == whereabouts::in_transport) transport_->wake();
    if (driving_ != whereabouts::nowhere) driving_ = whereabouts::working; // once is enough
    return;
  }
}

template <class Until> void request_core::drive(lock& held, Until until) {
  driving_ = whereabouts::working;
  driving_thread_ = std::this_thread::get_id();
  while (!until()) {
    cancel_what_is_to_be();
    hand_out(held);
    if (until()) break;
    scheduler_.advance();
    if (until()) break; // it has a request to send, where the transport blocks
    wait_for_work(held);
  }
  driving_ = whereabouts::nowhere;
}

void request_core::cancel_what_is_to_be() {
  for (const std::uint64_t call : std::exchange(to_cancel_, {}))
    scheduler_.cancel(call);
}

void request_core::wait_for_work(lock& held) {
  if (scheduler_.answered() != 0 || !to_cancel_.empty()) return;
  const std::optional<time_point> due = scheduler_.next_time();
  if (due && blocking_ != nullptr && scheduler_.has_requests_on_wire()) {
    // What other threads are sending takes its time, whatever time_ says.
    driving_ = whereabouts::waiting;
    work_.wait_until(held, std::chrono::steady_clock::now() + (*due - time_->now()));
  } else if (due && scheduler_.has_requests_on_wire()) {
    driving_ = whereabouts::in_transport;
    const std::shared_ptr<transport> working = transport_;
    held.unlock();
    without_throwing([&] { working->work_until(*due); });
    held.lock();
  } else {
    driving_ = whereabouts::waiting;
    if (due) {
      time_->wait_until(held, work_, *due);
    } else {
      work_.wait(held);
    }
  }
  driving_ = whereabouts::working;
}

// Those that are answered by now: what callbacks cause waits for the next time.
void request_core::hand_out(lock& held) {
  tell_retries(held);
  for (std::size_t due = scheduler_.answered(); due != 0 && !closing_; --due) {
    if (!hand_out_one(held)) return;
    // What an answer leaves, memory and a connection, serves the next request while it is in the
    // cache.
    if (driver_ == driver::own_thread && !closing_) scheduler_.send_queued();
  }
}

// False where none is answered.
bool request_core::hand_out_one(lock& held) {
  request_scheduler::call_list one = scheduler_.next_answered();
  if (one.empty()) return false;
  if (waiting_thread* const waiter = one.front().waiter) {
    waiter->answered.splice(waiter->answered.end(), one);
    held.unlock(); // else it would wake only to wait for it
    waiter->turn.notify_one();
    held.lock();
    return true;
  }
  held.unlock();
  answer(one.front());
  one.clear();
  held.lock();
  return true;
}

void request_core::tell_retries(lock& held) {
  const auto retries = scheduler_.take_retry_notes();
  if (!observer_ || retries.empty()) return;
  held.unlock();
  for (const auto& each : retries)
    observer_->on_retry(each.call, each.failure, each.delay);
  held.lock();
}

void request_core::run_job(lock& held, waiting_thread& self) {
  const waiting_thread::job job = *std::move(self.to_send);
  self.to_send.reset();
  held.unlock();
  result<http_response> answer = no_memory();
  without_throwing([&] { answer = blocking_->send(job.request); });
  held.lock();
  scheduler_.attempt_finished(job.attempt, std::move(answer));
  hand_out(held);
  if (driving_ == whereabouts::waiting) work_.notify_one();
}

// Each that stops looking lets another look, so that one looks as long as there are any.
void request_core::let_another_drive() {
  if (driver_ != driver::waiting_threads || driving_ != whereabouts::nowhere || idle_.empty())
    return;
  idle_.front().turn.notify_one();
}

void request_core::run() {
  lock held(mutex_);
  drive(held, [this] { return closing_; });
  answer_all(held);
}

void request_core::answer_all(lock& held) {
  do {
    scheduler_.cancel_all();
  } while (hand_out_one(held));
}

void request_core::close() {
  const auto self = shared_from_this(); // a callback may let go of the last pending_call
  lock held(mutex_);
  if (driver_ == driver::own_thread && !is_driving_thread()) {
    take_turn_soon();
    closing_ = true;
    held.unlock();
    return thread_.join();
  }
  closing_ = true;
  in_turn_ = true;
  scheduler_.cancel_all();
  // Inside a callback the thread ends by itself, and then lets go of this. By then the process may
  // be exiting, and libcurl's TLS library be gone: what is theirs goes now.
  std::shared_ptr<transport> gone = std::exchange(transport_, nullptr);
  held.unlock();
  gone->drive_by(nullptr);
  gone.reset();
  if (driver_ == driver::own_thread) return thread_.detach();
  loop_->arm_timer(std::nullopt);
  loop_->attach(nullptr);
  held.lock();
  answer_all(held);
}

// No more than one request is begun in a turn of the loop: a new connection may take a millisecond
// for its TLS.
void request_core::turn(std::size_t most_sent) {
  {
    lock held(mutex_);
    if (closing_) return;
    cancel_what_is_to_be();
    hand_out(held);
    if (closing_) return;
    scheduler_.advance(most_sent);
  }
  in_turn_ = false;
  arm_timer();
}

void request_core::arm_timer() {
  std::optional<time_point> due = transport_due_;
  {
    const lock held(mutex_);
    const std::optional<time_point> next = scheduler_.next_time();
    if (next && (!due || *next < *due)) due = next;
    if (scheduler_.answered() != 0 || !to_cancel_.empty()) due = time_->now();
  }
  if (!due) return loop_->arm_timer(std::nullopt);
  const auto left = std::chrono::ceil<milliseconds>(*due - time_->now());
  loop_->arm_timer(std::max(left, milliseconds(0)));
}

void request_core::loop_of_transport::arm_timer(std::optional<milliseconds> delay) {
  core_.transport_due_.reset();
  if (delay) core_.transport_due_ = core_.time_->now() + *delay;
  if (!core_.in_turn_) core_.arm_timer();
}

void request_core::begin_turn() {
  driving_thread_ = std::this_thread::get_id();
  in_turn_ = true;
}

void request_core::on_fd(int fd, fd_interest ready) {
  const auto self = shared_from_this();
  begin_turn();
  if (transport_on_loop_ != nullptr)
    without_throwing([&] { transport_on_loop_->on_fd(fd, ready); });
  turn(0);
}

void request_core::on_post() {
  begin_turn();
  {
    const lock held(mutex_);
    posted_ = false;
  }
  turn(0); // the timer's turn begins a request
}

void request_core::on_timer() {
  const auto self = shared_from_this();
  begin_turn();
  if (transport_on_loop_ != nullptr && transport_due_ && *transport_due_ <= time_->now()) {
    transport_due_.reset();
    without_throwing([&] { transport_on_loop_->on_timer(); });
  }
  turn(1);
}

void request_core::answer(accepted_call& call) {
  api_answer got = answer_of(call);
  tell_finished(call, got);
  call.done(std::move(got));
}

api_answer request_core::answer_of(const accepted_call& call) const noexcept {
  try {
    return call.read_answer();
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

void request_core::tell_finished(const accepted_call& call, const api_answer& answer) const {
  if (!observer_) return;
  call_report report = call.report;
  if (!answer) report.failure = answer.error().code;
  if (call.outcome && call.outcome->answer) {
    report.http_status = call.outcome->answer->status;
    without_throwing([&] { report.request_id = request_id_of(*call.outcome->answer); });
  } else if (call.failure) {
    report.http_status = call.failure->http_status;
  }
  observer_->on_finish(report);
}

std::uint64_t request_core::send(std::uint64_t attempt, const http_request& request,
                                 waiting_thread* waits_longest) {
  if (blocking_ != nullptr) {
    waits_longest->to_send.emplace(waiting_thread::job{attempt, request});
    waits_longest->turn.notify_one();
    return 0;
  }
  return transport_->start(request, [weak = weak_from_this(), attempt](attempt_result&& about) {
    if (const auto self = weak.lock()) self->attempt_done(attempt, std::move(about));
  });
}

void request_core::abandon(std::uint64_t sent) noexcept {
  if (transport_) transport_->cancel(sent);
}

attempt_result request_core::so_far(std::uint64_t sent) {
  return transport_->so_far(sent);
}

void request_core::attempt_done(std::uint64_t attempt, attempt_result&& about) {
  const lock held(mutex_);
  scheduler_.attempt_finished(attempt, std::move(about));
  if (driver_ != driver::event_loop && is_driving_thread()) return; // inside work_until()
  // Else it is looked at when the call's deadline is.
  without_throwing([&] { take_turn_soon(); });
}

} // namespace v0
} // namespace stripe_return
