// What a client is under its faces: the calls that wait, and who does the work.
#pragma once

#include "client/request_scheduler.hpp"

#include <stripe_return/client/event_loop.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace stripe_return {
inline namespace v0 {

// The place of a thread inside request_core::wait_for(). It stays where it is when the thread goes,
// so that a thread may be woken after the lock has been let go.
struct waiting_thread {
  struct job {
    std::uint64_t attempt;
    http_request request;
  };
  std::condition_variable turn;
  request_scheduler::call_list answered; // its call, at the end
  std::optional<job> to_send;            // on a transport that blocks
};

// One at a time drives: advances the scheduler, works for the transport, hands out answers. Who
// that is depends: of the threads that wait, one for all of them; a thread of its own; or the
// thread of an event loop.
class request_core final : public std::enable_shared_from_this<request_core>,
                           private attempt_sender,
                           private event_loop_client {
public:
  enum class driver : unsigned char { waiting_threads, own_thread, event_loop };

  // The loop, if that is what drives it, must live until close().
  static std::shared_ptr<request_core> make(client_options options, client_parts parts,
                                            driver driven_by, event_loop* loop = nullptr);
  request_core(client_options options, client_parts parts, driver driven_by, event_loop* loop);
  ~request_core();

  // Blocks until the answer is there. Error besides those of the call: wrong_thread.
  api_answer wait_for(client_call kind, made_call made, const call_options& options);
  // Gives the call's number. `done` gets the answer on the thread that drives.
  std::uint64_t begin(client_call kind, made_call made, const call_options& options,
                      std::function<void(api_answer&&)> done);
  void cancel(std::uint64_t call) noexcept;
  void set_secret_key(const secret& key) { access_.set_secret_key(key); }
  result<livemode> key_mode() { return access_.key_mode(); }
  const std::string& account() const noexcept { return access_.options().account; }
  time_source& time() const noexcept { return *time_; }
  // Answers every call; no more are made. On the loop's thread, where a loop drives.
  void close();

private:
  using lock = std::unique_lock<std::mutex>;

  // What the transport gets of the loop: it shares the timer with the scheduler.
  class loop_of_transport final : public event_loop {
  public:
    explicit loop_of_transport(request_core& core) : core_(core) {}
    void attach(event_loop_client* client) override { core_.transport_on_loop_ = client; }
    void watch(int fd, fd_interest interest) override { core_.loop_->watch(fd, interest); }
    void arm_timer(std::optional<std::chrono::milliseconds> delay) override;
    void post(std::function<void()> work) override { core_.loop_->post(std::move(work)); }

  private:
    request_core& core_;
  };

  request_scheduler::call_list new_call(client_call kind, const call_options& options);
  void refuse_unusable(made_call& made, const call_options& options) const;
  void take_turn_soon();
  bool is_driving_thread() const noexcept;

  // While the lock is held on entry and on return.
  template <class Until> void drive(lock& held, Until until);
  void cancel_what_is_to_be();
  void wait_for_work(lock& held);
  void hand_out(lock& held);
  bool hand_out_one(lock& held);
  void answer_all(lock& held);
  void tell_retries(lock& held);
  void run_job(lock& held, waiting_thread& self);
  void let_another_drive();

  void run();        // own_thread
  void begin_turn(); // event_loop
  void turn(std::size_t most_sent);
  void arm_timer();
  void on_fd(int fd, fd_interest ready) override;
  void on_timer() override;
  void on_post();

  void answer(accepted_call& call);
  api_answer answer_of(const accepted_call& call) const noexcept;
  void tell_finished(const accepted_call& call, const api_answer& answer) const;

  std::uint64_t send(std::uint64_t attempt, const http_request& request,
                     waiting_thread* waits_longest) override;
  void abandon(std::uint64_t sent) noexcept override;
  attempt_result so_far(std::uint64_t sent) override;
  void attempt_done(std::uint64_t attempt, attempt_result&& about);

  const driver driver_;
  const std::shared_ptr<time_source> time_;
  const std::shared_ptr<client_observer> observer_;
  api_access access_;

  std::mutex mutex_; // guards what follows, up to the loop
  std::shared_ptr<transport> transport_;
  blocking_transport* const blocking_;
  request_scheduler scheduler_;
  std::uint64_t last_call_ = 0;
  std::vector<std::uint64_t> to_cancel_; // for whoever drives: calls
  std::list<waiting_thread> unused_;     // places without a thread
  std::list<waiting_thread> idle_;       // those of threads that neither drive nor send
  std::condition_variable work_;         // for whoever drives, outside of the transport
  enum class whereabouts : unsigned char { nowhere, working, waiting, in_transport };
  whereabouts driving_ = whereabouts::nowhere;
  bool closing_ = false;

  std::thread thread_;
  std::atomic<std::thread::id> driving_thread_{std::thread::id()}; // the last one

  // Of the loop's thread alone, but for the two that say so.
  event_loop* loop_;
  loop_of_transport loop_of_transport_{*this};
  event_loop_client* transport_on_loop_ = nullptr;
  std::optional<time_point> transport_due_;
  std::atomic<bool> in_turn_{false}; // looked at by any thread
  bool posted_ = false;              // guarded by mutex_: a turn is on its way
};

} // namespace v0
} // namespace stripe_return
