// The Asio adapter on the Asio that needs no Boost.
#define STRIPE_RETURN_STANDALONE_ASIO
#include <stripe_return/client/adapters/asio.hpp>

#include "client_fixture.hpp"

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>

namespace {

namespace sr = stripe_return;

TEST(StandaloneAsio, FetchesAndHandles) {
  const loopback::test_ca ca;
  loopback::server_options server_options;
  server_options.respond = session_response;
  server_options.tls = loopback::for_localhost(ca);
  const loopback::https_server server(server_options);
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.api_base = server.url();
  options.ca_file = ca.ca_file();

  asio::io_context context;
  sr::asio_event_loop loop(context.get_executor());
  auto stripe = std::make_unique<sr::async_session_client>(options, loop);
  const sr::async_return_handler on_return(*stripe);
  sr::expected_order order;
  order.out_trade_no = "A1";
  order.amounts = {{400, "cny"}};
  int answers = 0;
  const auto ended = [&] {
    if (++answers == 2) stripe.reset(); // else idle connections would keep the context running
  };
  sr::async_retrieve(*stripe, context.get_executor(), id_of("cs_test_a1"), {},
                     [&](const sr::result<sr::observation>& fetched) {
                       EXPECT_TRUE(fetched);
                       ended();
                     });
  sr::async_handle(on_return, context.get_executor(), "session_id=cs_test_b1", order,
                   [&](const sr::result<sr::order_outcome>& outcome) {
                     EXPECT_TRUE(outcome && outcome->may_fulfill("A1"));
                     ended();
                   });
  context.run();
  EXPECT_EQ(answers, 2);
}

} // namespace
