// What a durable store has in its file.
#include "output_of_orders.hpp"
#include "unit/sqlite/order_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

TEST(OrderSecrecy, OfTheFileOfAStore) {
  const order_file kept;
  const auto store = kept.open(); // so that the log is not yet put into the file
  output_of_orders(*store).live();
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator(kept.folder())) {
    std::ifstream opened(each.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(opened), {});
    canary::expect_none(bytes, each.path().filename());
    if (bytes.find("fulfill_gave_up") != std::string::npos) ++files;
  }
  EXPECT_GT(files, 0U);
}

} // namespace
