// The policy of both clients alone: the sender and the time are the test's.
#pragma once

#include "client/request_scheduler.hpp"

#include "unit/client/scripted_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Records what is sent and given up. Whatever comes back is said by the test.
class fake_sender final : public stripe_return::attempt_sender {
public:
  struct attempt {
    std::uint64_t number;
    std::string id; ///< of the session that is asked for
    stripe_return::http_request request;
  };

  std::uint64_t send(std::uint64_t number, const stripe_return::http_request& request,
                     stripe_return::waiting_thread*) override {
    EXPECT_TRUE(in_flight.insert(number).second) << "attempt " << number << " was sent before";
    EXPECT_GT(request.timeout.count(), 0) << "libcurl takes 0 for no timeout at all";
    EXPECT_GT(request.connect_timeout.count(), 0);
    const std::size_t begin = request.url.find("cs_");
    sent.push_back({number, request.url.substr(begin, request.url.find('?') - begin), request});
    most_on_wire = std::max(most_on_wire, in_flight.size());
    return number;
  }
  void abandon(std::uint64_t number) noexcept override {
    EXPECT_EQ(in_flight.erase(number), 1u) << "attempt " << number << " is not in flight";
    abandoned.push_back(number);
  }
  stripe_return::attempt_result so_far(std::uint64_t number) override {
    EXPECT_EQ(in_flight.count(number), 1u) << "attempt " << number << " is not in flight";
    stripe_return::attempt_result about(stripe_return::error{
        stripe_return::error_code::timed_out_in_tls, "The phase that the sender knows."});
    about.phases.tls = std::chrono::microseconds(70);
    return about;
  }

  std::vector<std::string> ids_sent() const {
    std::vector<std::string> ids;
    for (const attempt& each : sent)
      ids.push_back(each.id);
    return ids;
  }
  const attempt& last() const { return sent.back(); }

  std::vector<attempt> sent;
  std::vector<std::uint64_t> abandoned;
  std::set<std::uint64_t> in_flight;
  std::size_t most_on_wire = 0;
};

/// Its priority is unknown, as that of a session that anybody may have asked for.
inline stripe_return::retrieve_options of_anybody() {
  stripe_return::retrieve_options how;
  how.priority = stripe_return::call_priority::unknown;
  return how;
}

/// A call that a client makes: its answer goes to `done`.
inline void submit_to(stripe_return::request_scheduler& scheduler, std::uint64_t number,
                      const stripe_return::session_id& id,
                      const stripe_return::retrieve_options& how,
                      std::chrono::steady_clock::time_point now,
                      std::function<void(stripe_return::api_answer)> done = {}) {
  stripe_return::request_scheduler::call_list one(1);
  one.front().number = number;
  one.front().priority = how.priority;
  one.front().made = now;
  one.front().deadline = now + how.deadline.value_or(std::chrono::seconds(10));
  one.front().done = std::move(done);
  scheduler.submit(std::move(one), stripe_return::make_retrieve(id, how));
}

class RequestScheduler : public ::testing::Test {
protected:
  using call_number = std::uint64_t;
  using answer = scripted_client::answer;
  using code = stripe_return::error_code;
  using call_priority = stripe_return::call_priority;
  using milliseconds = std::chrono::milliseconds;

  // Without a rate limit, and with pauses of one length, unless the test wants it otherwise; to be
  // set before the first call.
  stripe_return::client_options options_ = scripted_client::options();
  stripe_return::testkit::fake_time clock_{scripted_client::local_time};
  fake_sender sender_;

  RequestScheduler() {
    options_.retry.first_delay = options_.retry.longest_delay = milliseconds(1000);
    options_.requests_per_second = 0;
  }

  // Every test ends with the promise that matters most: each call is answered once, none twice, and
  // nothing is left behind.
  void TearDown() override {
    scheduler().cancel_all();
    take_completions();
    for (const call_number call : calls_)
      EXPECT_EQ(answers_.count(call), 1u) << "call " << call;
    EXPECT_TRUE(sender_.in_flight.empty());
    EXPECT_FALSE(scheduler().next_time());
  }

  stripe_return::request_scheduler& scheduler() {
    if (!scheduler_) {
      access_.emplace(options_);
      scheduler_.emplace(*access_, clock_, sender_);
    }
    return *scheduler_;
  }
  stripe_return::api_access& access() {
    scheduler();
    return *access_;
  }

  static stripe_return::retrieve_options in(call_priority wanted) {
    stripe_return::retrieve_options how;
    how.priority = wanted;
    return how;
  }
  static stripe_return::retrieve_options within(milliseconds deadline) {
    stripe_return::retrieve_options how = of_anybody();
    how.deadline = deadline;
    return how;
  }

  // A call that is not sent yet: as in the core, that is for turn() to do.
  call_number submit(const std::string& id = "cs_test_a1",
                     const stripe_return::retrieve_options& how = of_anybody()) {
    const call_number call = ++last_call_;
    calls_.push_back(call);
    stripe_return::retrieve_options full = how;
    if (!full.deadline) full.deadline = options_.deadline;
    submit_to(scheduler(), call, id_of(id), full, clock_.now(),
              [this, call](stripe_return::api_answer got) {
                EXPECT_TRUE(answers_.emplace(call, as_observation(std::move(got))).second)
                    << call << " answered twice";
                order_.push_back(call);
              });
    return call;
  }
  call_number call(const std::string& id = "cs_test_a1",
                   const stripe_return::retrieve_options& how = of_anybody()) {
    const call_number made = submit(id, how);
    turn();
    return made;
  }
  void cancel(call_number call) {
    scheduler().cancel(call);
    turn();
  }
  void turn() {
    scheduler().advance();
    take_completions();
  }
  void pass(milliseconds time) {
    clock_.advance(time);
    turn();
  }

  static answer session_of(const std::string& id) {
    return scripted_client::session(session_json().set("id", quoted(id)));
  }
  // Ends the attempt that was sent last, or that of `id`.
  void finish(answer outcome) { finish_attempt(sender_.last().number, std::move(outcome)); }
  void finish(const std::string& id, answer outcome) {
    for (auto at = sender_.sent.rbegin(); at != sender_.sent.rend(); ++at)
      if (at->id == id && sender_.in_flight.count(at->number) != 0)
        return finish_attempt(at->number, std::move(outcome));
    ADD_FAILURE() << id << " is not in flight";
  }
  void finish_attempt(std::uint64_t attempt, answer outcome) {
    EXPECT_EQ(sender_.in_flight.erase(attempt), 1u) << "attempt " << attempt << " is not in flight";
    stripe_return::attempt_result about(std::move(outcome));
    about.phases = phases_;
    about.connection_reused = reused_;
    scheduler().attempt_finished(attempt, std::move(about));
    turn();
  }
  void succeed(const std::string& id = "cs_test_a1") { finish(id, session_of(id)); }
  void fail(code why) { finish(scripted_client::failure(why)); }

  // "waits", "session" or the error's word.
  std::string outcome(call_number call) const {
    const auto at = answers_.find(call);
    if (at == answers_.end()) return "waits";
    return at->second ? "session" : std::string(to_string(at->second.error().code));
  }
  std::vector<std::string> outcomes(const std::vector<call_number>& calls) const {
    std::vector<std::string> all;
    for (const call_number call : calls)
      all.push_back(outcome(call));
    return all;
  }
  const stripe_return::result<stripe_return::observation>& answer_to(call_number call) const {
    return answers_.at(call);
  }
  const stripe_return::call_report& report_of(call_number call) const { return reports_.at(call); }

  /// The calls in the order of their answers.
  const std::vector<call_number>& order() const { return order_; }

  std::optional<milliseconds> time_left() {
    const auto due = scheduler().next_time();
    if (!due) return std::nullopt;
    return std::chrono::ceil<milliseconds>(*due - clock_.now());
  }

  stripe_return::attempt_phases phases_; // of the attempts that end
  bool reused_ = false;

private:
  void take_completions() {
    for (auto next = scheduler().next_answered(); !next.empty();
         next = scheduler().next_answered()) {
      const stripe_return::accepted_call& answered = next.front();
      answered.done(answered.read_answer());
      reports_.emplace(order_.back(), answered.report);
    }
  }
  static stripe_return::result<stripe_return::observation>
  as_observation(stripe_return::api_answer got) {
    if (!got) return std::move(got).error();
    return std::get<stripe_return::observation>(*std::move(got));
  }

  std::optional<stripe_return::api_access> access_;
  std::optional<stripe_return::request_scheduler> scheduler_;
  call_number last_call_ = 0;
  std::vector<call_number> calls_;
  std::vector<call_number> order_;
  std::map<call_number, stripe_return::result<stripe_return::observation>> answers_;
  std::map<call_number, stripe_return::call_report> reports_;
};
