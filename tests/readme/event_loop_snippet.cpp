#include <stripe_return/client/adapters/asio.hpp>
#include <stripe_return/client/async_return_handler.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

namespace readme {

void show(const stripe_return::result<stripe_return::order_outcome>&) {}

boost::asio::awaitable<void>
on_an_event_loop(boost::asio::io_context& io, stripe_return::client_options options,
                 std::string query, stripe_return::expected_order order) {
  // adapters/asio.hpp, adapters/uv.hpp, or an event_loop of your own: four functions
  stripe_return::asio_event_loop loop{io.get_executor()};
  stripe_return::async_session_client stripe{options, loop};
  stripe_return::async_return_handler on_return{stripe};
  on_return.handle(query, order, [](auto outcome) { show(outcome); }); // called exactly once
  auto outcome = co_await async_handle(on_return, io.get_executor(), query, order, boost::asio::use_awaitable);
  show(outcome);
}

} // namespace readme
