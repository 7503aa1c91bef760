#include <stripe_return/client/transport.hpp>

namespace stripe_return {
inline namespace v0 {

transport::~transport() = default;

} // namespace v0
} // namespace stripe_return
