vgg38-bn-resnet.2027-01-15_08 û ñÂ±4‚@
c-7*started beside it2$20270115-080312-vgg38-bn-resnet-77c1