vgg38-bn-resnet.2027-01-15_08 û ñÂ±4z@
c-7°ŠóÂ±4adaz-
launcher-4f2avgg38-bn-resnet
lr0.001