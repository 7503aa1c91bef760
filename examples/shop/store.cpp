#include "store.hpp"

#include <stripe_return/orders/memory_store.hpp>
#include <stripe_return/postgres/postgres_store.hpp>
#include <stripe_return/sqlite/sqlite_store.hpp>

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include <cstdlib>

namespace sr = stripe_return;

namespace {

std::shared_ptr<sr::order_store> in_a_temporary_file() {
  std::string folder = (std::filesystem::temp_directory_path() / "tea_shop.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make " + folder);
  return {new sr::sqlite_store(folder + "/orders.db"), [folder](sr::sqlite_store* store) {
            delete store;
            std::error_code ignored; // it is in the system's folder for such
            std::filesystem::remove_all(folder, ignored);
          }};
}

} // namespace

std::shared_ptr<sr::order_store> make_store(const std::string& url) {
  if (url.empty()) return in_a_temporary_file();
  if (url == "memory:") return std::make_shared<sr::memory_store>();
  const std::string scheme = url.substr(0, url.find(':'));
  const std::string place = url.substr(std::min(scheme.size() + 1, url.size()));
  if (scheme == "sqlite") return std::make_shared<sr::sqlite_store>(place);
  if (scheme == "postgres") {
    sr::postgres_options options;
    options.conninfo = place;
    return std::make_shared<sr::postgres_store>(std::move(options));
  }
  throw std::invalid_argument("SHOP_STORE is sqlite:PATH, postgres:CONNINFO or memory:");
}
