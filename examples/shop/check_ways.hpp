// The ways that the check goes.
#pragma once

#include "check_people.hpp"

#include <vector>

struct way {
  const char* name;
  void (*go)(checked_shop& shop); // throws a fault
};

std::vector<way> customer_ways();
std::vector<way> keeper_ways();
std::vector<way> hostile_ways(); // what nobody can do to the shop
