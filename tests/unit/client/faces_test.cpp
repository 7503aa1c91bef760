// What holds for both clients, whoever drives them: on the time of the test, without a socket.
#include "unit/client/scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/for_each_item.hpp>
#include <stripe_return/testkit/fake_stripe.hpp>
#include <stripe_return/testkit/manual_loop.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

// "cs_test_a1" of the URL of a retrieve.
std::string id_in(const sr::http_request& request) {
  const std::size_t begin = request.url.find("cs_");
  return request.url.substr(begin, request.url.find('?') - begin);
}

scripted_client::answer session_asked_for(const sr::http_request& request) {
  return scripted_client::session(session_json().set("id", quoted(id_in(request))));
}

sr::retrieve_options as(sr::call_priority priority) {
  sr::retrieve_options options;
  options.priority = priority;
  return options;
}

template <class Answer> std::string word(const sr::result<Answer>& answer) {
  return answer ? "ok" : std::string(to_string(answer.error().code));
}

// Every call, of one face.
class face {
public:
  virtual ~face() = default;
  virtual sr::result<sr::observation> retrieve(const sr::session_id& id,
                                               const sr::retrieve_options& options) = 0;
  virtual sr::result<sr::observation> create(const sr::checkout_parameters& parameters) = 0;
  virtual sr::result<sr::observation> expire(const sr::session_id& id) = 0;
  virtual sr::result<sr::line_item_page> line_items(const sr::session_id& id) = 0;
  virtual sr::result<sr::session_page> sessions_since(sr::unix_seconds created) = 0;
  virtual sr::result<sr::event_page> events_since(sr::unix_seconds created) = 0;
};

class blocking_face final : public face {
public:
  explicit blocking_face(sr::session_client client) : client_(std::move(client)) {}

  sr::result<sr::observation> retrieve(const sr::session_id& id,
                                       const sr::retrieve_options& options) override {
    return client_.retrieve(id, options);
  }
  sr::result<sr::observation> create(const sr::checkout_parameters& parameters) override {
    return client_.create(parameters);
  }
  sr::result<sr::observation> expire(const sr::session_id& id) override {
    return client_.expire(id);
  }
  sr::result<sr::line_item_page> line_items(const sr::session_id& id) override {
    return client_.line_items(id);
  }
  sr::result<sr::session_page> sessions_since(sr::unix_seconds created) override {
    return client_.sessions_since(made_since(created));
  }
  sr::result<sr::event_page> events_since(sr::unix_seconds created) override {
    return client_.events_since(made_since(created));
  }

private:
  const sr::session_client client_;
};

class async_face final : public face {
public:
  // `work` does what is to be done on this thread for an answer.
  async_face(sr::async_session_client& client, std::function<void()> work)
      : client_(client), work_(std::move(work)) {}

  sr::result<sr::observation> retrieve(const sr::session_id& id,
                                       const sr::retrieve_options& options) override {
    return answer<sr::observation>([&](auto done) { client_.retrieve(id, options, done); });
  }
  sr::result<sr::observation> create(const sr::checkout_parameters& parameters) override {
    return answer<sr::observation>([&](auto done) { client_.create(parameters, {}, done); });
  }
  sr::result<sr::observation> expire(const sr::session_id& id) override {
    return answer<sr::observation>([&](auto done) { client_.expire(id, {}, done); });
  }
  sr::result<sr::line_item_page> line_items(const sr::session_id& id) override {
    return answer<sr::line_item_page>([&](auto done) { client_.line_items(id, {}, done); });
  }
  sr::result<sr::session_page> sessions_since(sr::unix_seconds created) override {
    return answer<sr::session_page>(
        [&](auto done) { client_.sessions_since(made_since(created), done); });
  }
  sr::result<sr::event_page> events_since(sr::unix_seconds created) override {
    return answer<sr::event_page>(
        [&](auto done) { client_.events_since(made_since(created), done); });
  }

private:
  template <class Answer, class Begin> sr::result<Answer> answer(Begin begin) {
    auto told = std::make_shared<std::promise<sr::result<Answer>>>();
    auto answered = told->get_future();
    begin([told](sr::result<Answer> got) { told->set_value(std::move(got)); });
    work_();
    return answered.get();
  }

  sr::async_session_client& client_;
  const std::function<void()> work_;
};

enum class driven_by { waiting_threads, executor, own_thread, loop, loop_of_another };

std::string name_of(const testing::TestParamInfo<driven_by>& info) {
  switch (info.param) {
  case driven_by::waiting_threads: return "WaitingThreads";
  case driven_by::executor: return "WaitingThreadsAndAnExecutor";
  case driven_by::own_thread: return "OwnThread";
  case driven_by::loop: return "Loop";
  default: return "SharedWithAThread";
  }
}

// A transport that blocks, for adapt().
class blocking_stripe final : public sr::blocking_transport {
public:
  explicit blocking_stripe(std::shared_ptr<sr::transport> stripe) : stripe_(std::move(stripe)) {}
  sr::result<sr::http_response> send(const sr::http_request& request) override {
    return send_once(*stripe_, request);
  }

private:
  const std::shared_ptr<sr::transport> stripe_;
};

// Runs each on a thread of its own, and waits for them at the end.
class threads {
public:
  ~threads() {
    for (std::thread& each : running_)
      each.join();
  }
  void run(std::function<void()> work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    running_.emplace_back(std::move(work));
  }

private:
  std::mutex mutex_;
  std::vector<std::thread> running_;
};

class Faces : public testing::TestWithParam<driven_by> {
protected:
  static constexpr sr::unix_seconds start = 1790000000;

  face& make(std::shared_ptr<sr::transport> transport, sr::client_options options,
             std::shared_ptr<sr::client_observer> observer = nullptr) {
    const sr::client_parts parts{transport, time_, observer};
    switch (GetParam()) {
    case driven_by::waiting_threads:
      face_ = std::make_unique<blocking_face>(sr::session_client(options, parts));
      break;
    case driven_by::executor:
      face_ = std::make_unique<blocking_face>(sr::session_client(
          options, {sr::adapt(std::make_shared<blocking_stripe>(transport),
                              [this](std::function<void()> work) { elsewhere_.run(work); }),
                    time_, observer}));
      break;
    case driven_by::own_thread:
      client_ = std::make_unique<sr::async_session_client>(options, parts);
      face_ = std::make_unique<async_face>(*client_, [] {});
      break;
    case driven_by::loop:
      client_ = std::make_unique<sr::async_session_client>(options, loop_, parts);
      face_ = std::make_unique<async_face>(*client_, [this] { loop_.run_for(seconds(60)); });
      break;
    case driven_by::loop_of_another:
      client_ = std::make_unique<sr::async_session_client>(options, parts);
      face_ = std::make_unique<blocking_face>(sr::session_client(*client_));
      break;
    }
    return *face_;
  }

  const std::shared_ptr<sr::testkit::fake_time> time_ =
      std::make_shared<sr::testkit::fake_time>(start);
  sr::testkit::manual_loop loop_{time_};

private:
  threads elsewhere_;
  std::unique_ptr<sr::async_session_client> client_;
  std::unique_ptr<face> face_;
};

INSTANTIATE_TEST_SUITE_P(DrivenBy, Faces,
                         testing::Values(driven_by::waiting_threads, driven_by::executor,
                                         driven_by::own_thread, driven_by::loop,
                                         driven_by::loop_of_another),
                         name_of);

TEST_P(Faces, MakeEveryCall) {
  const auto stripe = std::make_shared<sr::testkit::fake_stripe>(time_);
  face& client = make(stripe, scripted_client::options());
  const auto made = client.create(a_checkout());
  ASSERT_TRUE(made) << made.error().message;
  const auto id = *sr::session_id::parse(made->session.id);
  const auto fetched = client.retrieve(id, {});
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(sr::order_number_of(fetched->session), "A1");
  const auto items = client.line_items(id);
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(items->data.size(), 1u);
  const auto sessions = client.sessions_since(start);
  ASSERT_TRUE(sessions) << sessions.error().message;
  EXPECT_EQ(sessions->data.at(0).id, made->session.id);
  const auto expired = client.expire(id);
  ASSERT_TRUE(expired) << expired.error().message;
  EXPECT_EQ(expired->session.status, sr::session_status::expired);
  const auto events = client.events_since(start);
  ASSERT_TRUE(events) << events.error().message;
  EXPECT_EQ(events->data.size(), 1u);
}

TEST_P(Faces, TryAgainAndTellTheObserver) {
  class notes final : public sr::client_observer {
  public:
    void on_start(sr::client_call call, sr::call_priority priority) override {
      note("start " + std::string(to_string(call)) + " " + std::string(to_string(priority)));
    }
    void on_retry(sr::client_call call, sr::error_code failure, milliseconds delay) override {
      note("retry " + std::string(to_string(call)) + " " + std::string(to_string(failure)) + " " +
           std::to_string(delay.count()));
    }
    void on_finish(const sr::call_report& report) override {
      note("finish " + std::string(to_string(report.call)) + " " + std::to_string(report.attempts) +
           " " + std::to_string(report.http_status) + " " + report.request_id + " " +
           std::string(report.failure ? to_string(*report.failure) : "ok"));
    }
    std::vector<std::string> lines() {
      const std::lock_guard<std::mutex> lock(mutex_);
      return lines_;
    }

  private:
    void note(std::string line) {
      const std::lock_guard<std::mutex> lock(mutex_);
      lines_.push_back(std::move(line));
    }
    std::mutex mutex_;
    std::vector<std::string> lines_;
  };
  int sent = 0;
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(
      [&](const sr::http_request& request) -> scripted_client::answer {
        if (++sent == 1) return scripted_client::failure(code::connection_lost);
        if (sent == 2) return scripted_client::status(503);
        return session_asked_for(request);
      });
  auto options = scripted_client::options();
  options.retry = {2, milliseconds(500), milliseconds(500)};
  const auto told = std::make_shared<notes>();
  face& client = make(stripe, options, told);
  const auto fetched = client.retrieve(id_of("cs_test_a1"), as(sr::call_priority::webhook));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(word(client.retrieve(id_of("cs_live_a1"), {})), "live_session_with_test_key");
  EXPECT_THAT(told->lines(),
              ElementsAre("start retrieve webhook", "retry retrieve connection_lost 500",
                          "retry retrieve stripe_unavailable 500",
                          "finish retrieve 3 200 req_scripted ok", "start retrieve known",
                          "finish retrieve 0 0  live_session_with_test_key"));
}

TEST_P(Faces, AnswerAtTheDeadlineOfTheCall) {
  const auto stripe = std::make_shared<sr::testkit::fake_stripe>(time_);
  face& client = make(stripe, scripted_client::options());
  const auto made = client.create(a_checkout());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_TRUE(stripe->post("/_fake/faults", R"({"kind":"latency","latency_ms":3000,"count":9})"));
  sr::retrieve_options options;
  options.deadline = milliseconds(2000);
  const auto begin = time_->now();
  const auto late = client.retrieve(*sr::session_id::parse(made->session.id), options);
  EXPECT_EQ(word(late), "timed_out_waiting");
  // The test lets a loop run for longer.
  if (GetParam() != driven_by::loop) {
    EXPECT_EQ(time_->now() - begin, milliseconds(2000));
  }
}

TEST_P(Faces, RefuseADeadlineOutOfRange) {
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(session_asked_for);
  face& client = make(stripe, scripted_client::options());
  for (const milliseconds deadline :
       {milliseconds::min(), milliseconds(0), milliseconds(600001), milliseconds::max()}) {
    sr::retrieve_options options;
    options.deadline = deadline;
    EXPECT_EQ(word(client.retrieve(id_of("cs_test_a1"), options)), "invalid_option");
  }
  EXPECT_TRUE(stripe->requests().empty());
  sr::retrieve_options options;
  options.deadline = milliseconds(600000);
  EXPECT_TRUE(client.retrieve(id_of("cs_test_a1"), options));
}

TEST_P(Faces, RememberWhatWasNotFoundForUnknownIdsAlone) {
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(
      [](const sr::http_request&) { return scripted_client::status(404); });
  face& client = make(stripe, scripted_client::options());
  for (int i = 0; i != 5; ++i)
    EXPECT_EQ(word(client.retrieve(id_of("cs_test_a1"), as(sr::call_priority::unknown))),
              "session_not_found");
  EXPECT_EQ(stripe->requests().size(), GetParam() == driven_by::loop ? 5u : 1u); // it runs 60 s
  const std::size_t before = stripe->requests().size();
  EXPECT_EQ(word(client.retrieve(id_of("cs_test_a1"), {})), "session_not_found");
  EXPECT_EQ(stripe->requests().size(), before + 1);
}

// The rate is Stripe's to see; the time that it takes is the test's.
TEST_P(Faces, KeepToTheRate) {
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(session_asked_for);
  auto options = scripted_client::options();
  options.requests_per_second = 2;
  face& client = make(stripe, options);
  if (GetParam() == driven_by::loop) return; // which lets a minute pass for each call
  const auto begin = time_->now();
  for (int i = 0; i != 9; ++i)
    ASSERT_TRUE(client.retrieve(id_of("cs_test_" + std::to_string(i)), {}));
  EXPECT_GE(time_->now() - begin, milliseconds(4000));
  EXPECT_LE(time_->now() - begin, milliseconds(4020));
}

// cs_test_u... is nobody's.
scripted_client::answer unless_unknown(const sr::http_request& request) {
  if (request.url.find("cs_test_u") != std::string::npos) return scripted_client::status(404);
  return session_asked_for(request);
}

// What anybody can send cannot starve what matters: 2,500 unknown ids a second for 20 seconds, and
// a hundred known sessions among them.
TEST(Starving, NobodyKnownDoesOnALoop) {
  const auto time = std::make_shared<sr::testkit::fake_time>(1790000000);
  sr::testkit::manual_loop loop(time);
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(unless_unknown);
  auto options = scripted_client::options();
  options.requests_per_second = 20;
  sr::async_session_client client(options, loop, {stripe, time});
  int known = 0;
  int background = 0;
  int unknown_answered = 0;
  for (int tick = 0; tick != 2000; ++tick) {
    for (int i = 0; i != 25; ++i)
      client.retrieve(id_of("cs_test_u" + std::to_string(tick) + "x" + std::to_string(i)),
                      as(sr::call_priority::unknown), [&](const auto&) { ++unknown_answered; });
    if (tick % 20 == 0) {
      client.retrieve(id_of("cs_test_k" + std::to_string(tick)), {},
                      [&](const auto& got) { known += got ? 1 : 0; });
      client.retrieve(id_of("cs_test_b" + std::to_string(tick)), as(sr::call_priority::background),
                      [&](const auto& got) { background += got ? 1 : 0; });
    }
    loop.run_for(milliseconds(10));
  }
  const std::size_t sent = stripe->requests().size();
  EXPECT_EQ(known, 100);
  EXPECT_GE(background, 30); // a fifth of what the known leave
  EXPECT_GE(sent, 20u * 20u);
  EXPECT_LE(sent, 20u * 20u + 5u);
  loop.run_for(seconds(20));
  EXPECT_EQ(unknown_answered, 2000 * 25); // whatever by
}

TEST(Starving, NobodyKnownDoesAmongThreads) {
  const auto time = std::make_shared<sr::testkit::fake_time>(1790000000);
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(unless_unknown);
  auto options = scripted_client::options();
  options.requests_per_second = 20;
  options.deadline = std::chrono::minutes(10);
  const sr::session_client client(options, {stripe, time});
  const auto begin = time->now();
  std::atomic<bool> over{false};
  std::vector<std::thread> flood;
  for (int thread = 0; thread != 16; ++thread)
    flood.emplace_back([&, thread] {
      for (int i = 0; !over; ++i)
        static_cast<void>(
            client.retrieve(id_of("cs_test_u" + std::to_string(thread) + "x" + std::to_string(i)),
                            as(sr::call_priority::unknown)));
    });
  for (int i = 0; i != 100; ++i)
    EXPECT_EQ(word(client.retrieve(id_of("cs_test_k" + std::to_string(i)), {})), "ok");
  over = true;
  for (std::thread& each : flood)
    each.join();
  const std::chrono::duration<double> passed = time->now() - begin;
  EXPECT_LE(static_cast<double>(stripe->requests().size()), 6 + 20 * passed.count());
}

// A stack that blocks is entered by as many threads as wait.
TEST(BlockingTransport, IsEnteredByAllThatWait) {
  constexpr int count = 8;
  class meeting final : public sr::blocking_transport {
  public:
    sr::result<sr::http_response> send(const sr::http_request& request) override {
      std::unique_lock<std::mutex> lock(mutex_);
      if (++inside_ == count) all_.notify_all();
      all_.wait(lock, [this] { return inside_ >= count; });
      return session_asked_for(request);
    }

  private:
    std::mutex mutex_;
    std::condition_variable all_;
    int inside_ = 0;
  };
  const sr::session_client client(scripted_client::options(),
                                  {sr::adapt(std::make_shared<meeting>())});
  std::vector<std::thread> threads;
  for (int i = 0; i != count; ++i)
    threads.emplace_back([&client, i] {
      const auto got = client.retrieve(id_of("cs_test_" + std::to_string(i)), {});
      EXPECT_TRUE(got) << got.error().message;
    });
  for (std::thread& each : threads)
    each.join();
}

TEST(BlockingTransport, NeedsAnExecutorWhereNobodyWaits) {
  const auto time = std::make_shared<sr::testkit::fake_time>(0);
  sr::testkit::manual_loop loop(time);
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(session_asked_for);
  sr::async_session_client client(scripted_client::options(), loop,
                                  {sr::adapt(std::make_shared<blocking_stripe>(stripe)), time});
  std::optional<sr::result<sr::observation>> answer;
  client.retrieve(id_of("cs_test_a1"), {}, [&](auto got) { answer = std::move(got); });
  loop.run();
  ASSERT_TRUE(answer);
  EXPECT_EQ(error_code_of(*answer), code::invalid_option);

  std::deque<std::function<void()>> posted;
  sr::async_session_client with_executor(
      scripted_client::options(), loop,
      {sr::adapt(std::make_shared<blocking_stripe>(stripe),
                 [&](std::function<void()> work) { posted.push_back(std::move(work)); }),
       time});
  answer.reset();
  with_executor.retrieve(id_of("cs_test_a1"), {}, [&](auto got) { answer = std::move(got); });
  loop.run();
  ASSERT_EQ(posted.size(), 1u);
  EXPECT_FALSE(answer);
  std::thread(posted.front()).join(); // as a pool would
  loop.run();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(*answer);
}

// It would wait for what only it could do.
TEST(SharedClient, IsRefusedToTheThreadThatDrives) {
  const auto time = std::make_shared<sr::testkit::fake_time>(0);
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(session_asked_for);
  {
    sr::testkit::manual_loop loop(time);
    sr::async_session_client client(scripted_client::options(), loop, {stripe, time});
    const sr::session_client blocking(client);
    EXPECT_EQ(error_code_of(blocking.retrieve(id_of("cs_test_a1"))), code::wrong_thread);
  }
  sr::async_session_client client(scripted_client::options(), {stripe, time});
  const sr::session_client blocking(client);
  std::promise<std::string> told;
  client.retrieve(id_of("cs_test_a1"), {}, [&](const auto&) {
    told.set_value(word(blocking.retrieve(id_of("cs_test_a1"))));
  });
  EXPECT_EQ(told.get_future().get(), "wrong_thread");
  EXPECT_TRUE(blocking.retrieve(id_of("cs_test_a1")));
}

TEST(SharedClient, BlocksOnALoopThatAnotherThreadRuns) {
  const auto time = std::make_shared<sr::testkit::fake_time>(0);
  const auto stripe = std::make_shared<sr::testkit::scripted_transport>(session_asked_for);
  sr::testkit::manual_loop loop(time);
  sr::async_session_client client(scripted_client::options(), loop, {stripe, time});
  const sr::session_client blocking(client);
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round != 50; ++round)
        EXPECT_TRUE(
            blocking.retrieve(id_of("cs_test_" + std::to_string(i) + "x" + std::to_string(round))));
      ++answered;
    });
  while (answered != 4)
    loop.run();
  for (std::thread& each : threads)
    each.join();
  EXPECT_EQ(stripe->requests().size(), 200u);
}

TEST(ManualLoop, RunsWhatIsDueAtItsTime) {
  const auto time = std::make_shared<sr::testkit::fake_time>(100);
  sr::testkit::manual_loop loop(time);
  std::vector<sr::unix_seconds> seen;
  class client final : public sr::event_loop_client {
  public:
    void on_fd(int, sr::fd_interest) override {}
    void on_timer() override { timer(); }
    std::function<void()> timer;
  } client;
  client.timer = [&] {
    seen.push_back(time->unix_time());
    if (seen.size() < 3) loop.arm_timer(seconds(2));
  };
  loop.attach(&client);
  loop.arm_timer(seconds(1));
  loop.post([&] { seen.push_back(0); });
  loop.run_for(seconds(10));
  EXPECT_THAT(seen, ElementsAre(0, 101, 103));
  EXPECT_EQ(time->unix_time(), 110);
}

class ForEachItem : public testing::Test {
protected:
  void make(int count) {
    for (int i = 0; i != count; ++i) {
      sr::checkout_parameters parameters = a_checkout();
      parameters.out_trade_no = "A" + std::to_string(i);
      ASSERT_TRUE(client_.create(parameters));
    }
  }
  auto sessions() {
    return [this](const sr::list_options& page) {
      ++pages_;
      return client_.sessions_since(page);
    };
  }

  const std::shared_ptr<sr::testkit::fake_time> time_ =
      std::make_shared<sr::testkit::fake_time>(1790000000);
  const std::shared_ptr<sr::testkit::fake_stripe> stripe_ =
      std::make_shared<sr::testkit::fake_stripe>(time_);
  const sr::session_client client_{scripted_client::options(), {stripe_, time_}};
  int pages_ = 0;
};

TEST_F(ForEachItem, WalksThroughAllPages) {
  make(250);
  std::vector<std::string> numbers;
  EXPECT_TRUE(sr::for_each_item(made_since(0), sessions(), [&](const sr::checkout_session& each) {
    numbers.push_back(sr::order_number_of(each));
    return true;
  }));
  ASSERT_EQ(numbers.size(), 250u);
  EXPECT_EQ(numbers.front(), "A249"); // the newest first
  EXPECT_EQ(numbers.back(), "A0");
  EXPECT_EQ(pages_, 3);
}

TEST_F(ForEachItem, EndsWhereItIsTold) {
  make(150);
  int seen = 0;
  EXPECT_TRUE(sr::for_each_item(made_since(0), sessions(),
                                [&](const sr::checkout_session&) { return ++seen < 7; }));
  EXPECT_EQ(seen, 7);
  EXPECT_EQ(pages_, 1);
}

TEST_F(ForEachItem, TellsTheErrorOfAPage) {
  make(150);
  int seen = 0;
  const auto walked =
      sr::for_each_item(made_since(0), sessions(), [&](const sr::checkout_session&) {
        if (++seen == 100) {
          EXPECT_TRUE(
              stripe_->post("/_fake/faults", R"({"kind":"status","status":403,"count":9})"));
        }
        return true;
      });
  EXPECT_EQ(error_code_of(walked), code::permission_denied);
  EXPECT_EQ(seen, 100);
}

TEST(CheckOfClientOptions, SaysWhatEachCallWould) {
  sr::client_options options;
  EXPECT_EQ(error_code_of(sr::check(options)), code::missing_secret_key);
  options.secret_key = "pk_test_1";
  EXPECT_EQ(error_code_of(sr::check(options)), code::publishable_key);
  options.secret_key = "sk_test_1";
  EXPECT_TRUE(sr::check(options));
  options.max_in_flight = 0;
  EXPECT_EQ(error_code_of(sr::check(options)), code::invalid_option);
}

} // namespace
