// async_session_client on Asio.
#include <stripe_return/client/adapters/asio.hpp>

#include "client_cases.hpp"
#include "client_failure_cases.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>

#include <future>

#include <fcntl.h>
#include <unistd.h>

namespace {

namespace sr = stripe_return;
namespace asio = boost::asio;
using testing::ElementsAre;

struct asio_driver {
  static constexpr bool calls_back_here = true;

  std::unique_ptr<sr::async_session_client> make(sr::client_options options,
                                                 stripe_return::client_parts parts = {}) {
    loops.push_back(std::make_unique<sr::asio_event_loop>(context.get_executor()));
    return std::make_unique<sr::async_session_client>(std::move(options), *loops.back(),
                                                      std::move(parts));
  }
  bool run_until(const std::function<bool()>& done) {
    return patiently(done, [&] {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
    });
  }

  asio::io_context context;
  std::vector<std::unique_ptr<sr::asio_event_loop>> loops; // which are not used after it
};

INSTANTIATE_TYPED_TEST_SUITE_P(Asio, AsyncClientCases, asio_driver);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, AsyncClientFailureCases, asio_driver);

class AsioLoop : public AsyncClient<asio_driver> {
protected:
  asio::io_context& context() { return driver_.context; }
};

// As where the kernel has no room for one more descriptor to watch.
TEST_F(AsioLoop, LeavesWhatCannotBeWatched) {
  sr::asio_event_loop loop(context().get_executor());
  const int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(closed); // the kernel refuses it
  loop.watch(closed, sr::fd_interest::read);
  loop.watch(closed, sr::fd_interest::none);
}

TEST_F(AsioLoop, CallsAHandlerThatCannotBeCopied) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  auto moved = std::make_unique<std::string>("under this name");
  sr::async_retrieve(*stripe, context().get_executor(), id_of("cs_test_a1"), {},
                     [this, moved = std::move(moved)](sr::result<sr::observation> answer) {
                       inbox_.under (*moved)(std::move(answer));
                     });
  wait_for(1);
  EXPECT_EQ(inbox_.outcome("under this name"), "session");
}

TEST_F(AsioLoop, CancelsThroughTheSlot) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto stripe = client_for(server.url());
  asio::cancellation_signal signal;
  sr::async_retrieve(*stripe, context().get_executor(), id_of("cs_test_a1"), {},
                     asio::bind_cancellation_slot(signal.slot(), inbox_.under("first")));
  sr::async_retrieve(*stripe, context().get_executor(), id_of("cs_test_b1"), {},
                     inbox_.under("second"));
  driver_.run_until([&] { return server.requests() == 2; });
  signal.emit(asio::cancellation_type::total);
  wait_for(1);
  EXPECT_EQ(inbox_.outcome("first"), "canceled");
  EXPECT_EQ(inbox_.outcome("second"), "waits");
  signal.emit(asio::cancellation_type::terminal); // of what is answered: nothing
  asio::post(context(), [&] { inbox_.under("posted")(sr::error{sr::error_code::canceled, ""}); });
  wait_for(2);
  EXPECT_THAT(inbox_.order(), ElementsAre("first", "posted"));
}

// The application's own work goes on: it is done in the turns before the call is answered.
TEST_F(AsioLoop, LetsTheContextRunWhileServerAndResolverStall) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const loopback::stalled_resolver resolver;
  for (const std::string& url : {server.url(), std::string("https://stalled.test")}) {
    SCOPED_TRACE(url);
    auto options = options_for(url);
    options.deadline = loopback::soon;
    const auto stripe = driver_.make(options);
    std::vector<std::string> events;
    stripe->retrieve(id_of("cs_test_a1"), {}, [&](const auto&) { events.push_back("answer"); });
    asio::steady_timer first(context(), milliseconds(5));
    asio::steady_timer second(context());
    first.async_wait([&](auto) {
      events.push_back("first");
      second.expires_after(milliseconds(5));
      second.async_wait([&](auto) { events.push_back("second"); });
    });
    driver_.run_until([&] { return !events.empty() && events.back() == "answer"; });
    EXPECT_THAT(events, ElementsAre("first", "second", "answer"));
  }
}

// The client holds work of the context only while it has something to do.
TEST_F(AsioLoop, LetsTheContextEnd) {
  const loopback::https_server server(https(session_response));
  auto stripe = client_for(server.url());
  EXPECT_EQ(outcome(*stripe, "cs_test_a1"), "session");
  stripe.reset();
  context().restart();
  context().run();
  EXPECT_TRUE(context().stopped());
}

// What the context still has to run by then is of nobody's concern any more.
TEST_F(AsioLoop, OutlivesTheClientAndTheLoop) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  asio::io_context other;
  {
    sr::asio_event_loop loop(other.get_executor());
    sr::async_session_client stripe(options_for(server.url()), loop);
    stripe.retrieve(id_of("cs_test_a1"), {}, inbox_.under("cs_test_a1"));
    patiently([&] { return server.requests() == 1; }, [&] { other.run_one_for(milliseconds(5)); });
  }
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "canceled");
  other.run(); // the timers and waits that are over
}

TEST_F(AsioLoop, IsGoneBeforeItsHandlersRun) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto held = std::make_shared<int>(0);
  {
    asio::io_context other;
    sr::asio_event_loop loop(other.get_executor());
    auto stripe = std::make_unique<sr::async_session_client>(options_for(server.url()), loop);
    for (int i = 0; i < 3; ++i)
      sr::async_retrieve(*stripe, other.get_executor(), id_of("cs_test_a1"), {},
                         [held](const auto&) { FAIL() << "the context never ran it"; });
    patiently([&] { return server.requests() == 1; }, [&] { other.run_one_for(milliseconds(5)); });
    stripe.reset(); // outside the context: its handlers are posted, and destroyed with it
  }
  EXPECT_EQ(held.use_count(), 1);
}

// Four threads run the context; the strand keeps the client to one at a time.
TEST_F(AsioLoop, WorksOnAStrandOfSeveralThreads) {
  const loopback::https_server server(https(session_response));
  asio::io_context other;
  const auto strand = asio::make_strand(other);
  auto work = asio::make_work_guard(other);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { other.run(); });

  std::unique_ptr<sr::asio_event_loop> loop;
  std::unique_ptr<sr::async_session_client> stripe;
  asio::post(strand, [&] {
    loop = std::make_unique<sr::asio_event_loop>(strand);
    stripe = std::make_unique<sr::async_session_client>(options_for(server.url()), *loop);
  });
  for (int i = 0; i < 200; ++i) {
    const std::string name = std::to_string(i);
    asio::post(strand, [&, name] {
      sr::async_retrieve(*stripe, strand, id_of("cs_test_" + name), {},
                         [&, name](sr::result<sr::observation> answer) {
                           EXPECT_TRUE(strand.running_in_this_thread());
                           inbox_.under(name)(std::move(answer));
                         });
    });
  }
  eventually([&] { return inbox_.count() == 200; });
  asio::post(strand, [&] {
    stripe.reset();
    loop.reset();
  });
  work.reset();
  for (std::thread& each : threads)
    each.join();
  EXPECT_EQ(inbox_.count("session"), 200u);
}

// The client on its own thread, its handlers on a context.
class AsioTokens : public AsyncClient<thread_driver> {
protected:
  asio::io_context context_;
};

TEST_F(AsioTokens, AFutureOfAContextThatAThreadRuns) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  auto work = asio::make_work_guard(context_);
  std::thread runner([&] { context_.run(); });
  std::future<sr::result<sr::observation>> future = sr::async_retrieve(
      *stripe, context_.get_executor(), id_of("cs_test_a1"), {}, asio::use_future);
  const auto fetched = future.get();
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->session.id, "cs_test_a1");
  auto options = sr::retrieve_options();
  options.account = "no account";
  EXPECT_EQ(error_code_of(sr::async_retrieve(*stripe, context_.get_executor(), id_of("cs_test_a1"),
                                             options, asio::use_future)
                              .get()),
            sr::error_code::invalid_option);
  work.reset();
  runner.join();
}

// The call is work: the context runs until it is answered, and then no longer.
TEST_F(AsioTokens, TheHandlerRunsOnTheContextAndKeepsItRunning) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  sr::async_retrieve(*stripe, context_.get_executor(), id_of("cs_test_a1"), {},
                     inbox_.under("cs_test_a1"));
  context_.run();
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "session");
  EXPECT_EQ(inbox_.threads(), std::set<std::thread::id>{std::this_thread::get_id()});
}

TEST_F(AsioTokens, TheHandlerRunsOnItsOwnExecutor) {
  const loopback::https_server server(https(session_response));
  asio::io_context own; // which outlives the client, whose thread may still be handing over to it
  const auto stripe = client_for(server.url());
  sr::async_retrieve(*stripe, context_.get_executor(), id_of("cs_test_a1"), {},
                     asio::bind_executor(own.get_executor(), inbox_.under("cs_test_a1")));
  own.run();
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "session");
  EXPECT_EQ(context_.run(), 0u);
}

TEST_F(AsioTokens, IsDestroyedWithCallsInFlight) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto stripe = client_for(server.url());
  for (const char* id : {"cs_test_a1", "cs_test_b1", "cs_test_c1"})
    sr::async_retrieve(*stripe, context_.get_executor(), id_of(id), {}, inbox_.under(id));
  eventually([&] { return server.requests() >= 1; });
  stripe.reset();
  EXPECT_EQ(inbox_.count(), 0u);
  context_.run();
  EXPECT_EQ(inbox_.count("canceled"), 3u);
}

TEST_F(AsioTokens, CancelsThroughTheSlotFromTheContext) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto stripe = client_for(server.url());
  asio::cancellation_signal signal;
  sr::async_retrieve(*stripe, context_.get_executor(), id_of("cs_test_a1"), {},
                     asio::bind_cancellation_slot(signal.slot(), inbox_.under("cs_test_a1")));
  eventually([&] { return server.requests() == 1; });
  asio::post(context_, [&] { signal.emit(asio::cancellation_type::all); });
  context_.run();
  EXPECT_EQ(inbox_.outcome("cs_test_a1"), "canceled");
}

// The signal need not outlive the handler; with several threads, that may have run before
// async_retrieve() returns.
TEST_F(AsioTokens, LeavesTheSlotAloneOnceTheHandlerRuns) {
  auto options = options_for("https://localhost");
  options.secret_key = ""; // answered as fast as can be
  const auto stripe = driver_.make(options);
  auto work = asio::make_work_guard(context_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] { context_.run(); });
  std::atomic<int> answered{0};
  for (int i = 0; i < 2000; ++i) {
    auto signal = std::make_unique<asio::cancellation_signal>();
    const auto slot = signal->slot();
    sr::async_retrieve(*stripe, context_.get_executor(), id_of("cs_test_a1"), {},
                       asio::bind_cancellation_slot(
                           slot, [&answered, signal = std::move(signal)](const auto&) mutable {
                             signal.reset();
                             ++answered;
                           }));
  }
  eventually([&] { return answered == 2000; });
  work.reset();
  for (std::thread& each : threads)
    each.join();
}

} // namespace
