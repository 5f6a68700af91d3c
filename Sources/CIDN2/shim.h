#ifndef RAPPORT_CIDN2_H
#define RAPPORT_CIDN2_H

#include <idn2.h>

#endif
