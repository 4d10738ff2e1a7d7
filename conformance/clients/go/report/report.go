// Package report has the plan a client was given, and how it says what it saw: a line of JSON a check.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Sized is a file to be stored and read back.
type Sized struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Sha256 string `json:"sha256"`
}

// Plan is what every client is told.
type Plan struct {
	Endpoint        string  `json:"endpoint"`
	Host            string  `json:"host"`
	Port            int     `json:"port"`
	Region          string  `json:"region"`
	AccessKeyID     string  `json:"accessKeyId"`
	SecretAccessKey string  `json:"secretAccessKey"`
	Sizes           []Sized `json:"sizes"`
	Nasty           []struct {
		Key     string `json:"key"`
		Content string `json:"content"`
	} `json:"nasty"`
	Doomed []string `json:"doomed"`
}

// M is a JSON object.
type M = map[string]any

// ReadPlan reads the file named by the first argument.
func ReadPlan() Plan {
	bytes, err := os.ReadFile(os.Args[1])
	Must(err)
	var plan Plan
	Must(json.Unmarshal(bytes, &plan))
	return plan
}

// Must ends the check that runs: Check turns the panic into its error.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Got is Must for a call with a result.
func Got[T any](value T, err error) T {
	Must(err)
	return value
}

// Check runs a check and prints what it saw.
func Check(name string, run func() any) {
	line := M{"check": name}
	func() {
		defer func() {
			if err := recover(); err != nil {
				line["error"] = fmt.Sprint(err)
			}
		}()
		line["saw"] = run()
	}()
	fmt.Println(string(Got(json.Marshal(line))))
}

// CheckNasty does the same with every nasty key; the failures are what was seen.
func (plan Plan) CheckNasty(roundTrip func(key, content string) (string, error)) {
	Check("nasty", func() any {
		failed := [][2]string{}
		for _, item := range plan.Nasty {
			text, err := roundTrip(item.Key, item.Content)
			if err != nil {
				failed = append(failed, [2]string{item.Key, err.Error()})
			} else if text != item.Content {
				failed = append(failed, [2]string{item.Key, "came back as " + text})
			}
		}
		return failed
	})
}

// Digest reads to the end.
func Digest(reader io.Reader) M {
	hash := sha256.New()
	length := Got(io.Copy(hash, reader))
	return M{"sha256": hex.EncodeToString(hash.Sum(nil)), "bytes": length}
}

// PatternBytes are the first bytes of every file in the plan.
func (plan Plan) PatternBytes(length int) []byte {
	for _, file := range plan.Sizes {
		if file.Name == "5MiB-plus-1" {
			return Got(os.ReadFile(file.Path))[:length]
		}
	}
	panic("the plan has no file of 5 MiB and a byte")
}
