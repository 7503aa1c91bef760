// Each operator new of each call fails in turn, and each of the calls of the kernel about a socket,
// whoever drives the client: each call is answered once, and the next one is a good one.
#include "torture/failing.hpp"
#include "torture/small_loop.hpp"

#include "loopback/die.hpp"
#include "loopback/https_server.hpp"
#include "unit/client/client_calls.hpp"
#include "unit/core/session_json.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace sr = stripe_return;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* id = "cs_test_a1";

// Stripe in another process, whose memory does not fail.
class stripe_elsewhere {
public:
  stripe_elsewhere() {
    int ready[2];
    if (pipe(ready) != 0) loopback::die("pipe");
    child_ = fork();
    if (child_ < 0) loopback::die("fork");
    if (child_ == 0) serve(ready[1]);
    close(ready[1]);
    if (read(ready[0], &port_, sizeof port_) != sizeof port_) loopback::die("the server's port");
    close(ready[0]);
  }
  ~stripe_elsewhere() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  stripe_elsewhere(const stripe_elsewhere&) = delete;
  stripe_elsewhere& operator=(const stripe_elsewhere&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
  [[noreturn]] static void serve(int ready) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string session = session_json().set("id", quoted(id)).text();
    const loopback::https_server server({[&](const loopback::request& asked) {
      loopback::response response{200, {{"Request-Id", "req_1"}}, session};
      if (asked.target.find("/line_items") != std::string::npos ||
          asked.target.find("created") != std::string::npos)
        response.body = R"({"object":"list","has_more":false,"data":[]})";
      return response;
    }});
    const int port = server.port();
    if (write(ready, &port, sizeof port) != sizeof port) loopback::die("write");
    for (;;)
      pause();
  }

  pid_t child_ = 0;
  int port_ = 0;
};

const stripe_elsewhere& stripe() {
  static const stripe_elsewhere started;
  return started;
}

sr::client_options options() {
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.api_base = stripe().url();
  options.requests_per_second = 0;
  options.retry.max_retries = 0;
  options.deadline = std::chrono::seconds(20);
  return options;
}

// Where answers are counted. It needs no memory.
struct tally {
  std::atomic<int> answers{0};
  std::atomic<bool> good{false};

  template <class Answer> void take(const sr::result<Answer>& answer) {
    good = answer.has_value();
    ++answers;
  }
};

constexpr int calls = 6;

// One client, and the call of a number on it. Gives whether the answer was a good one.
class driver {
public:
  virtual ~driver() = default;
  virtual bool call(int which) = 0;
};

class blocking_driver final : public driver {
public:
  bool call(int which) override {
    switch (which) {
    case 0: return client_.retrieve(id_, {}).has_value();
    case 1: return client_.create(checkout_).has_value();
    case 2: return client_.expire(id_).has_value();
    case 3: return client_.line_items(id_).has_value();
    case 4: return client_.sessions_since(list_).has_value();
    default: return client_.events_since(list_).has_value();
    }
  }

private:
  const sr::session_id id_ = *sr::session_id::parse(id);
  const sr::checkout_parameters checkout_ = a_checkout();
  const sr::list_options list_;
  const sr::session_client client_{options()};
};

// By its own thread, or by the loop.
class async_driver : public driver {
public:
  explicit async_driver(bool on_loop)
      : client_(on_loop ? std::make_unique<sr::async_session_client>(options(), loop_)
                        : std::make_unique<sr::async_session_client>(options())),
        on_loop_(on_loop) {}

  bool call(int which) override {
    tally told;
    try {
      begin(which, told);
    } catch (const std::bad_alloc&) { // then nothing was accepted
      return false;
    }
    const auto patience = clock_type::now() + std::chrono::seconds(60);
    while (told.answers == 0) {
      if (clock_type::now() > patience) loopback::die("a call was never answered");
      if (on_loop_) {
        loop_.run_once();
      } else {
        std::this_thread::yield();
      }
    }
    if (on_loop_) loop_.run_once(); // a second answer would come now
    EXPECT_EQ(told.answers, 1);
    return told.good;
  }

private:
  void begin(int which, tally& told) {
    const auto take = [&told](const auto& answer) { told.take(answer); };
    switch (which) {
    case 0: client_->retrieve(id_, {}, take); break;
    case 1: client_->create(checkout_, {}, take); break;
    case 2: client_->expire(id_, {}, take); break;
    case 3: client_->line_items(id_, {}, take); break;
    case 4: client_->sessions_since(list_, take); break;
    default: client_->events_since(list_, take); break;
    }
  }

  const sr::session_id id_ = *sr::session_id::parse(id);
  const sr::checkout_parameters checkout_ = a_checkout();
  const sr::list_options list_;
  small_loop loop_;
  const std::unique_ptr<sr::async_session_client> client_;
  const bool on_loop_;
};

enum class driven_by { waiting_threads, own_thread, loop };

std::unique_ptr<driver> make(driven_by whom) {
  if (whom == driven_by::waiting_threads) return std::make_unique<blocking_driver>();
  return std::make_unique<async_driver>(whom == driven_by::loop);
}

class Torture : public testing::TestWithParam<driven_by> {
protected:
  // Gives how many operations a call has.
  static long torture(driver& client, int which, failing::what kind, int error = 0) {
    for (long number = 0;; ++number) {
      failing::arm(kind, number, error);
      const bool good = client.call(which);
      if (!failing::disarm()) {
        EXPECT_TRUE(good);
        return number;
      }
      EXPECT_TRUE(client.call(which)) << "the call after operation " << number << " had failed";
      if (testing::Test::HasFailure()) return number;
    }
  }
};

std::string name_of(const testing::TestParamInfo<driven_by>& info) {
  if (info.param == driven_by::waiting_threads) return "WaitingThreads";
  return info.param == driven_by::loop ? "Loop" : "OwnThread";
}

INSTANTIATE_TEST_SUITE_P(DrivenBy, Torture,
                         testing::Values(driven_by::waiting_threads, driven_by::own_thread,
                                         driven_by::loop),
                         name_of);

TEST_P(Torture, EachAllocationOfEachCall) {
  const auto client = make(GetParam());
  for (int which = 0; which != calls; ++which) {
    SCOPED_TRACE("call " + std::to_string(which));
    ASSERT_TRUE(client->call(which)); // its connection is there
    EXPECT_GT(torture(*client, which, failing::what::memory), 10);
    if (HasFailure()) return;
  }
}

// From then on there is none, until the call is answered.
TEST_P(Torture, AllMemoryFromEachAllocationOn) {
  const auto client = make(GetParam());
  for (int which = 0; which != calls; ++which) {
    SCOPED_TRACE("call " + std::to_string(which));
    ASSERT_TRUE(client->call(which));
    EXPECT_GT(torture(*client, which, failing::what::all_memory), 10);
    if (HasFailure()) return;
  }
}

// And those of the first call, and of the client itself.
TEST_P(Torture, EachAllocationFromTheFirstOn) {
  for (long number = 0;; ++number) {
    SCOPED_TRACE("operation " + std::to_string(number));
    failing::arm(failing::what::memory, number);
    std::unique_ptr<driver> client;
    try {
      client = make(GetParam());
    } catch (const std::bad_alloc&) {
      failing::disarm();
      continue;
    }
    const bool good = client->call(0);
    if (!failing::disarm()) {
      EXPECT_TRUE(good);
      break;
    }
    EXPECT_TRUE(client->call(0)) << "the next call";
    if (HasFailure()) break;
  }
}

TEST_P(Torture, EachCallOfTheKernel) {
  const auto client = make(GetParam());
  struct row {
    failing::what kind;
    int error;
    long least;
  };
  for (const row& each :
       {row{failing::what::send, ECONNRESET, 1}, row{failing::what::send, ENOBUFS, 1},
        row{failing::what::receive, ECONNRESET, 1}, row{failing::what::receive, ENOBUFS, 1}}) {
    for (const int which : {0, 1}) {
      SCOPED_TRACE(testing::Message()
                   << "kind " << static_cast<int>(each.kind) << " call " << which);
      EXPECT_GE(torture(*client, which, each.kind, each.error), each.least);
    }
  }
  for (const row& each :
       {row{failing::what::socket, EMFILE, 1}, row{failing::what::socket, ENOBUFS, 1},
        row{failing::what::connect, ENOBUFS, 1}, row{failing::what::connect, ECONNRESET, 1}}) {
    for (long number = 0; number != 3; ++number) {
      SCOPED_TRACE(testing::Message() << "kind " << static_cast<int>(each.kind) << " " << number);
      const auto fresh = make(GetParam());
      failing::arm(each.kind, number, each.error);
      fresh->call(0);
      failing::disarm();
      EXPECT_TRUE(fresh->call(0)) << "the next call";
    }
  }
}

} // namespace

int main(int argc, char** argv) {
  stripe(); // before any thread
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
