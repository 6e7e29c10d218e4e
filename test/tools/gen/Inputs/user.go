package main

import (
	"fmt"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	spec, err := loadValues()
	check(err)
	fmt.Println(len(spec.Programs), len(spec.Maps))
	if len(os.Args) == 1 {
		return
	}
	var objects valuesObjects
	check(loadValuesObjects(&objects, nil))
	verdict, _, err := objects.First.Test(make([]byte, 64))
	check(err)
	var sum uint64
	check(objects.Sums.Lookup(uint32(0), &sum))
	var data valuesData
	check(objects.Data.Lookup(uint32(0), &data))
	var constants valuesRodata
	check(objects.Rodata.Lookup(uint32(0), &constants))
	fmt.Println(verdict, sum, data.Unnamed.X, data.Unnamed.Y, data.Numbers[2])
	fmt.Println(constants.Settings.Number, constants.Wide, data.Letters[0])
	check(objects.Close())
}
