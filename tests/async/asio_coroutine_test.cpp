// async_session_client in Asio's own coroutines.
#include <stripe_return/client/adapters/asio.hpp>

#include "client_fixture.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

namespace {

namespace sr = stripe_return;
namespace asio = boost::asio;
using testing::Each;
using testing::ElementsAre;

std::string word(const sr::result<sr::observation>& answer) {
  return answer ? answer->session.id : std::string(to_string(answer.error().code));
}

// As an application would write it.
asio::awaitable<void> fetch_all(sr::async_session_client& stripe, std::vector<std::string> ids,
                                std::vector<std::string>& found) {
  const auto executor = co_await asio::this_coro::executor;
  for (const std::string& id : ids) {
    auto answer = co_await sr::async_retrieve(stripe, executor, id_of(id), {}, asio::use_awaitable);
    found.push_back(word(answer));
  }
}

class AsioCoroutine : public AsyncClient<thread_driver> {
protected:
  asio::io_context context_;
};

TEST_F(AsioCoroutine, AwaitsOneAfterTheOther) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    if (id_asked(asked) != "cs_test_b1") return answer;
    return loopback::response{404, {}, R"({"error":{"code":"resource_missing"}})"};
  }));
  const auto stripe = client_for(server.url());
  std::vector<std::string> found;
  asio::co_spawn(context_, fetch_all(*stripe, {"cs_test_a1", "cs_test_b1", "cs_test_c1"}, found),
                 asio::detached);
  context_.run();
  EXPECT_THAT(found, ElementsAre("cs_test_a1", "session_not_found", "cs_test_c1"));
}

TEST_F(AsioCoroutine, AwaitsOnALoopOfTheSameContext) {
  const loopback::https_server server(https(session_response));
  sr::asio_event_loop loop(context_.get_executor());
  auto stripe = std::make_unique<sr::async_session_client>(options_for(server.url()), loop);
  std::vector<std::string> found;
  asio::co_spawn(context_, fetch_all(*stripe, {"cs_test_a1", "cs_test_b1"}, found),
                 [&](std::exception_ptr failure) {
                   EXPECT_FALSE(failure);
                   stripe.reset(); // else idle connections would keep the context running
                 });
  context_.run();
  EXPECT_THAT(found, ElementsAre("cs_test_a1", "cs_test_b1"));
}

asio::awaitable<void> handle_all(const sr::async_return_handler& on_return,
                                 std::vector<std::string> queries,
                                 std::vector<std::string>& words) {
  const auto executor = co_await asio::this_coro::executor;
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {{400, "cny"}};
  for (std::string& query : queries) {
    auto waiting = sr::async_handle(on_return, executor, query, order, asio::use_awaitable);
    query.assign(query.size(), 'x'); // nothing of the application's has to last
    const sr::result<sr::order_outcome> outcome = co_await std::move(waiting);
    words.emplace_back(outcome ? to_string(outcome->state()) : to_string(outcome.error().code));
  }
}

TEST_F(AsioCoroutine, AwaitsTheOutcomeOfAReturn) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  const sr::async_return_handler on_return(*stripe);
  std::vector<std::string> words;
  asio::co_spawn(context_,
                 handle_all(on_return, {"?session_id=cs_test_a1", "?session_id=", ""}, words),
                 asio::detached);
  context_.run();
  EXPECT_THAT(words, ElementsAre("paid", "empty_session_id", "missing_session_id"));
}

TEST_F(AsioCoroutine, AwaitsInManyAtOnce) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  const auto strand = asio::make_strand(context_);
  std::vector<std::vector<std::string>> found(20);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string id = "cs_test_" + std::to_string(i);
    asio::co_spawn(strand, fetch_all(*stripe, {id, id, id}, found[i]), asio::detached);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { context_.run(); });
  for (std::thread& each : threads)
    each.join();
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].size(), 3u);
    EXPECT_THAT(found[i], Each("cs_test_" + std::to_string(i)));
  }
}

TEST_F(AsioCoroutine, IsCanceledWithItsCoroutine) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto stripe = client_for(server.url());
  std::vector<std::string> found;
  asio::cancellation_signal signal;
  asio::co_spawn(context_, fetch_all(*stripe, {"cs_test_a1"}, found),
                 asio::bind_cancellation_slot(signal.slot(), asio::detached));
  patiently([&] { return server.requests() == 1; }, [&] { context_.run_one_for(milliseconds(5)); });
  signal.emit(asio::cancellation_type::terminal);
  context_.run();
  EXPECT_THAT(found, ElementsAre("canceled"));
}

TEST_F(AsioCoroutine, GoesOnWhenTheClientIsDestroyed) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto stripe = client_for(server.url());
  std::vector<std::string> found;
  asio::co_spawn(context_, fetch_all(*stripe, {"cs_test_a1"}, found), asio::detached);
  patiently([&] { return server.requests() == 1; }, [&] { context_.run_one_for(milliseconds(5)); });
  stripe.reset();
  EXPECT_TRUE(found.empty()); // it goes on in the context
  context_.run();
  EXPECT_THAT(found, ElementsAre("canceled"));
}

// A context that is destroyed takes the coroutine along, and with it whatever it holds.
TEST_F(AsioCoroutine, IsGoneWithItsContext) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  auto stripe = client_for(server.url());
  std::vector<std::string> found;
  {
    asio::io_context other;
    asio::co_spawn(other, fetch_all(*stripe, {"cs_test_a1"}, found), asio::detached);
    patiently([&] { return server.requests() == 1; }, [&] { other.run_one_for(milliseconds(5)); });
    stripe.reset();
  }
  EXPECT_TRUE(found.empty());
}

} // namespace
